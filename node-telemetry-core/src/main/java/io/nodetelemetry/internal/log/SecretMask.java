package io.nodetelemetry.internal.log;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of the samples of log messages: what stands behind names such as {@code password}, credentials in
 * headers and URLs, tokens that are known by their form, private keys, and card numbers. For samples, of which there are
 * few; not for every line. Each expression is tried in time that grows with the length of the text.
 */
public final class SecretMask {
    private static final String MASK = "***";
    private static final String SECRET_NAME = "(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|authorization"
            + "|(?:api|access|private|secret|auth|session|account|encryption|signing)[-_.]?key|sess(?:ion)?[-_.]?id|signature)";
    /** Between a name and its value: {@code =}, {@code :}, {@code =>}, with quotes and blanks around it. */
    private static final String ASSIGNED = "[\\w.-]{0,32}+\\\\?[\"']?\\]?\\s{0,8}+(?:=>|[:=])\\s{0,8}+";

    /** In double quotes, such that are escaped themselves, or single ones; the sample may end before they do. */
    private static final String QUOTED =
            "(?:\"(?:[^\"\\\\]|\\\\.)*+\"?|\\\\\"(?:(?!\\\\\").)*+(?:\\\\\")?|'(?:[^'\\\\]|\\\\.)*+'?)";

    /** What is assigned: quoted, a list, or up to what ends a value. */
    private static final String VALUE = "(?:" + QUOTED + "|\\[[^\\]]*+\\]?|[^\\s,;&)}\\]\"'\\\\]++)";

    private static final List<Rule> RULES = List.of(
            rule("(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----).*+", "$1" + MASK),
            // Of Digest, what is in quotes is secret too.
            rule("(\\bdigest\\s++)(?=\\w{1,32}+=)[^\\r\\n]++", "$1" + MASK),
            // A header's value goes to the end of its line or quote.
            rule(
                    "(\\b(?:proxy-)?authorization|\\b(?:set-)?cookie)([\"']?\\s{0,8}+[:=]\\s{0,8}+\\[?[\"']?)[^\\r\\n\"']++",
                    "$1$2" + MASK),
            rule("\\b(basic|bearer|digest|token)(\\s++)(?=\\S{0,512}[0-9=])[\\w+/=.~-]{8,}+", "$1$2" + MASK),
            rule("(" + SECRET_NAME + ASSIGNED + ")" + VALUE, "$1" + MASK),
            rule("((?<![a-z0-9])pass(?:[\"']\\s{0,8}+:\\s{0,8}+|=))" + VALUE, "$1" + MASK),
            // Azure's signatures of storage addresses.
            rule("(\\bsig=)[\\w%+/=-]{16,}+", "$1" + MASK),
            rule("(--" + SECRET_NAME + "[\\w-]{0,32}+\\s++)[^\\s-]\\S*+", "$1" + MASK),
            rule("((?:^|\\s)(?:-u|--user)[\\s=]{1,4}+[\"']?(?![0-9]++:)[^\\s:\"'/]{1,64}+:)[^\\s\"']++", "$1" + MASK),
            rule("(\\b(?:mysql|mariadb)[\\w-]{0,16}+\\b[^\\r\\n]{0,256}?\\s-p)[^\\s-]\\S*+", "$1" + MASK),
            rule("(\\bsshpass\\s++-p\\s*+)\\S++", "$1" + MASK),
            // A word with a digit is none that goes on with the sentence.
            rule("(\\bpassw(?:or)?d\\s++)(?=[^\\s0-9]{0,64}[0-9])[^\\s,;]++", "$1" + MASK),
            rule("(\\bpassw(?:or)?d\\s++(?:is\\s++|was\\s++)?|\\bidentified\\s++by\\s++)" + QUOTED, "$1" + MASK),
            rule("(\\b[a-z][a-z0-9+.-]{0,31}+://[^\\s/:@]{0,256}+:)[^\\s/@]++@", "$1" + MASK + "@"),
            // Of MySQL in Go: user:password@tcp(host)/name.
            rule("(\\b[\\w.-]{1,64}+:)[^\\s/@:]{1,256}+@(?=(?:tcp|unix)\\()", "$1" + MASK + "@"),
            // Who knows such an address may write there.
            rule("(\\bhooks\\.slack\\.com/services/|\\bdiscord(?:app)?\\.com/api/webhooks/)\\S++", "$1" + MASK),
            // JSON Web Tokens (RFC 7519): their header begins with {"
            rule("\\b(?-i:eyJ)[\\w-]{5,}+\\.[\\w-]{5,}+(?:\\.[\\w-]*+)?", MASK),
            rule(
                    "\\b(?-i:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[opsru]_\\w{20,}+|github_pat_\\w{20,}+|glpat-[\\w-]{20,}+"
                            + "|xox[abeoprs]-[\\w-]{10,}+|AIza[\\w-]{35}|[rs]k_(?:live|test)_\\w{10,}+|sk-[\\w-]{20,}+"
                            + "|SG\\.[\\w-]{16,}+\\.[\\w-]{16,}+|npm_\\w{36}|hv[bs]\\.[\\w-]{20,}+|dop_v1_\\w{20,}+)",
                    MASK));

    /** Card numbers begin with 2 to 6 and have 13 to 19 digits (ISO/IEC 7812), in groups or not. */
    private static final Pattern CARD = Pattern.compile("(?<![\\w.-])[2-6](?:[ -]?[0-9]){12,18}(?![\\w-])");

    private record Rule(Pattern pattern, String replacement) {}

    private SecretMask() {}

    private static Rule rule(String expression, String replacement) {
        return new Rule(Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), replacement);
    }

    /** The text with {@code ***} in place of each secret. */
    public static String mask(String text) {
        String masked = text;
        for (Rule rule : RULES) {
            masked = rule.pattern().matcher(masked).replaceAll(rule.replacement());
        }
        return CARD.matcher(masked)
                .replaceAll(card -> isCard(card.group()) ? MASK : Matcher.quoteReplacement(card.group()));
    }

    /** Whether the last digit is what the others say (Luhn). */
    private static boolean isCard(String number) {
        int sum = 0;
        boolean twice = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                continue;
            }
            int counted = twice ? 2 * digit : digit;
            sum += counted > 9 ? counted - 9 : counted;
            twice = !twice;
        }
        return sum % 10 == 0;
    }
}
