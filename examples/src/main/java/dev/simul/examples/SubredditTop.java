package dev.simul.examples;

import static dev.simul.Async.run;

import dev.simul.TaskGroup;
import dev.simul.http.HttpSession;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.ObjectMapper;

/** The top posts of three subreddits, fetched by three tasks on one thread; each prints as soon as it has its answer. */
public final class SubredditTop {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SubredditTop() {}

    public static void main(String[] args) throws Exception {
        var baseUrl = Options.value(args, "--base-url", "https://www.reddit.com");
        run(() -> {
            try (var http = HttpSession.builder()
                            .header("User-Agent", "simul-examples/0.1")
                            .open();
                    var group = TaskGroup.open()) {
                for (var subreddit : List.of("java", "programming", "compsci")) {
                    group.fork(() -> printTop(http, baseUrl, subreddit));
                }
                group.join();
            }
        });
    }

    private static void printTop(HttpSession http, String baseUrl, String subreddit) throws IOException {
        var url = baseUrl + "/r/" + subreddit + "/top.json?sort=top&t=day&limit=5";
        var listing = JSON.readTree(http.get(url).requireOk().text());
        for (var child : listing.path("data").path("children")) {
            var post = child.path("data");
            System.out.println(post.path("score").asInt() + ": "
                    + post.path("title").asString() + " (" + post.path("url").asString() + ")");
        }
        System.out.println("DONE: " + subreddit + "\n");
    }
}
