package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobGroupTest extends OnRedis {
    @Test
    void jobsOfAllQueuesAreFoundTogetherUntilTheyAreGone() throws Exception {
        var group = jobs.group("report-17");
        group.enqueueMany(
                jobs.queue("default"),
                List.of(
                        JobRequest.of(Sums::add, 1, 2).with(o -> o.id("a")),
                        JobRequest.of(Sums::add, 3, 4).with(o -> o.id("b").resultTtl(Duration.ZERO))));
        group.enqueue(jobs.queue("low"), JobRequest.of(Sums::add, 5, 6).with(o -> o.id("c")));
        assertThat(group.ids()).containsExactly("a", "b", "c");
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(group.ids()).containsExactly("a", "c");
        assertThat(group.jobs(Integer.class).getFirst().await()).isEqualTo(3);
        jobs.redis().await(jobs.redis().commands().del("rq:job:c"));
        assertThat(group.size()).isEqualTo(1);
        assertThat(group.remove("a")).isTrue();
        assertThat(group.remove("a")).isFalse();
    }

    @Test
    void groupsAreListedAsLongAsTheyHaveJobs() {
        jobs.queue("default").with(o -> o.group("b")).enqueue(Sums::noop);
        var a = jobs.queue("default").with(o -> o.group("a")).enqueue(Sums::noop);
        assertThat(jobs.groups()).extracting(JobGroup::name).containsExactly("a", "b");
        jobs.group("a").remove(a.id());
        assertThat(jobs.groups()).extracting(JobGroup::name).containsExactly("b");
        assertThat(RedisDump.of(redis.url())).contains("rq:groups set [b]");
        assertThatThrownBy(() -> jobs.group("")).hasMessageContaining("a group's name must have 1 to 255 characters");
    }
}
