package io.nodetelemetry.internal.log;

/** English words by what they say of the words beside them: a bit for each meaning. */
final class Vocabulary {
    /** Units, which are written with a number or not at all. */
    static final int UNIT = 1;
    /** Parts of a date beside its numbers. */
    static final int CALENDAR = 1 << 1;
    /** What stands before a colon when text of others comes after it. */
    static final int ANNOUNCING = 1 << 2;
    /** That something went wrong. */
    static final int FAILING = 1 << 3;

    static final int PREPOSITION = 1 << 4;
    /** Kinds of things that have names: the word behind is one, unless the sentence goes on. */
    static final int NAMED = 1 << 5;
    /** What follows a noun when the sentence goes on. */
    static final int CONTINUING = 1 << 6;
    /** What stands before a colon when a reason comes after it. */
    static final int REASONING = 1 << 7;
    /** Values of their own kind, which say as much as a word of the statement. */
    static final int TRUTH = 1 << 8;

    private static final WordTable WORDS = new WordTable()
            .with(UNIT, """
            ns us ms s sec secs second seconds msec msecs usec usecs min mins minute minutes hour hours day days
            millisecond milliseconds microsecond microseconds nanosecond nanoseconds
            b kb mb gb tb kib mib gib tib byte bytes bit bits hz khz mhz ghz percent time times""")
            .with(CALENDAR, """
            mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
            jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september
            october november december am pm utc gmt cet cest est edt pst pdt""")
            .with(ANNOUNCING, "statement query sql command request body args argv arguments")
            .with(FAILING, """
            fail fails failed failing failure error errors cannot can't could couldn't unable""")
            .with(PREPOSITION, "for by of from at on in to via port with as")
            .with(NAMED, """
            user username role table zone database topic queue namespace driver customer job host hostname domain
            node pod container volume partition group schema relation function cluster bucket
            mailbox interface device client handler plugin method principal tenant project repository branch tag image account service backend""")
            .with(CONTINUING, """
            a an the is was are were be been has have had not no to from for in on at by of with and or as if because
            since while when does do did will would can cannot could may must should into onto via than that which
            but out up down off after before during until without within using unknown already id name size request
            requests connection failed failure error table key list info""")
            .with(REASONING, "because reason cause")
            .with(TRUTH, "true false yes no on off null nil none");

    /** What has a digit and is no value: protocols, formats and their versions. */
    private static final WordTable TERMS = new WordTable().with(1, """
            ipv4 ipv6 ip4 ip6 udp/ipv4 udp/ipv6 tcp/ipv4 tcp/ipv6 tcp4 tcp6 udp4 udp6 inet4 inet6 ssh2 http2 http/2
            h2 h2c l2 l3 l4 l7 md5 sha1 sha256 sha384 sha512 utf8 utf-8 utf16 utf-16 base64 x509 x.509 oauth2
            log4j log4j2 slf4j k8s k3s s3 ec2 ext3 ext4 ip6.arpa i2c""");

    private Vocabulary() {}

    static boolean isTerm(byte[] text, int start, int end) {
        return TERMS.get(text, start, end) != 0;
    }

    /** All that a word means, or nothing. */
    static int meanings(byte[] text, int start, int end) {
        return WORDS.get(text, start, end);
    }
}
