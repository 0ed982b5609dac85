// Hc1.java, Java 17 or newer, nothing but the JDK. 只用 JDK。
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Hc1 {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private static final SecureRandom RANDOM = new SecureRandom();

    static String authorization(String method, String target, byte[] body) throws Exception {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String at = Long.toString(Instant.now().getEpochSecond());
        String nonce = HexFormat.of().formatHex(random);
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        String text = method + "\n" + target + "\n" + at + "\n" + nonce + "\n" + digest + "\n";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(System.getenv("HC_SECRET")), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        return "HC1-HMAC-SHA256 key=\"" + System.getenv("HC_KEY") + "\",timestamp=\"" + at + "\",nonce=\"" + nonce
                + "\",signature=\"" + signature + "\"";
    }

    /** Send a request; once is its Idempotency-Key, or null. 幂等键没有时为 null。 */
    public static String ask(String method, String target, String json, String once) throws Exception {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("HC_CITY") + target))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", authorization(method, target, body))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (once != null) {
            request.header("Idempotency-Key", once);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    public static void main(String[] given) throws Exception {
        System.out.println(ask(given[0], given[1], given.length > 2 ? given[2] : "", given.length > 3 ? given[3] : null));
    }
}
