// Ask a server of Olhar's about pictures, with Java 17 or newer and nothing else: java Client.java ADDRESS PICTURE...
//
// The token, where the server wants one, stands in OLHAR_TOKEN. Each picture prints a line with its name, then a class a
// line with its probability, best first.

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Client {
    // Java's library reads no JSON, and of this answer two fields of a settled form are wanted. Where your project has a
    // reader (Jackson, Gson), use that: predictions[].class and predictions[].probability.
    private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern PREDICTION =
            Pattern.compile("\\{\"class\":" + TEXT + ",\"name\":" + TEXT + ",\"probability\":([-+.\\deE]+)\\}");

    // Without this, Java offers HTTP/2 with its first question; servers that Olhar is mounted in may lose the picture over it.
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    // What the server says of one picture, which is sent as it is.
    static HttpResponse<String> ask(String address, Path picture) throws Exception {
        URI uri = URI.create(address.replaceAll("/$", "") + "/predict?top=10000");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofFile(picture));
        String token = System.getenv("OLHAR_TOKEN");
        if (token != null && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    public static void main(String[] words) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream wrong = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        boolean refused = false;
        for (int i = 1; i < words.length; i++) {
            HttpResponse<String> answer = ask(words[0], Path.of(words[i]));
            if (answer.statusCode() != 200) {
                wrong.println(words[i] + ": " + answer.body());
                refused = true;
                continue;
            }
            out.println(words[i]);
            Matcher prediction = PREDICTION.matcher(answer.body());
            while (prediction.find()) {
                out.println(prediction.group(1).translateEscapes() + "\t" + prediction.group(3));
            }
        }
        System.exit(refused ? 1 : 0);
    }
}
