package io.nodetelemetry.internal.log;

/** English words by what they say of the words beside them. */
final class Vocabulary {
    /** Units, which are written with a number or not at all. */
    static final WordSet UNITS = new WordSet("""
            ns us ms s sec secs second seconds msec msecs usec usecs min mins minute minutes hour hours day days
            millisecond milliseconds microsecond microseconds nanosecond nanoseconds
            b kb mb gb tb kib mib gib tib byte bytes bit bits hz khz mhz ghz percent time times""");

    /** Parts of a date beside its numbers. */
    static final WordSet CALENDAR = new WordSet("""
            mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
            jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september
            october november december am pm utc gmt cet cest est edt pst pdt""");

    /** What stands before a colon when text of others comes after it. */
    static final WordSet ANNOUNCING = new WordSet("statement query sql command request body args argv arguments");

    static final WordSet FAILING = new WordSet("""
            fail fails failed failing failure error errors cannot can't could couldn't unable""");

    /** Of HTTP: what an access log quotes begins with one, and a read that fails is something else than a write. */
    static final WordSet METHODS = new WordSet("get head post put patch delete options connect trace");

    static final WordSet PREPOSITIONS = new WordSet("for by of from at on in to via port with as");

    /** Kinds of things that have names: the word behind is one, unless the sentence goes on. */
    static final WordSet NAMED = new WordSet("""
            user username role table zone database topic queue namespace driver customer job host hostname domain
            node pod container volume partition group schema relation function cluster bucket""");

    /** What follows a noun when the sentence goes on. */
    static final WordSet CONTINUING = new WordSet("""
            a an the is was are were be been has have had not no to from for in on at by of with and or as if because
            since while when does do did will would can cannot could may must should into onto via than that which
            but out up down off after before during until without within using unknown already id name size request
            requests connection failed failure error table key list info""");

    private Vocabulary() {}

    static boolean is(WordSet words, Tokens tokens, byte[] text, int index) {
        return words.contains(text, tokens.start(index), tokens.end(index));
    }
}
