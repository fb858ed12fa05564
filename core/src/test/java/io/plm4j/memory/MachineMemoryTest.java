package io.plm4j.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  @Test
  void theMachineSaysWhatIsLeft(@TempDir Path root) throws IOException {
    assertThat(MachineMemory.available(root)).isEmpty();
    write(root, "proc/meminfo", "MemTotal: 9 kB\nMemAvailable:    8000 kB\n");
    assertThat(MachineMemory.available(root)).isEqualTo(OptionalLong.of(8_192_000));
  }

  @Test
  void theNarrowestControlGroupCounts(@TempDir Path root) throws IOException {
    write(root, "proc/meminfo", "MemAvailable:    8000 kB\n");
    write(root, "proc/self/cgroup", "0::/outer/inner\n");
    write(root, "sys/fs/cgroup/outer/memory.max", "5000000\n");
    write(root, "sys/fs/cgroup/outer/memory.current", "1500000\n");
    write(root, "sys/fs/cgroup/outer/memory.stat", "anon 7\ninactive_file 500000\n");
    write(root, "sys/fs/cgroup/outer/inner/memory.max", "max\n");
    assertThat(MachineMemory.available(root)).isEqualTo(OptionalLong.of(4_000_000));
  }

  @Test
  void theOlderKindOfControlGroupsCountsToo(@TempDir Path root) throws IOException {
    write(root, "proc/self/cgroup", "4:cpu,memory:/ignored\n3:memory:/job\n0::/\n");
    write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write(root, "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000000\n");
    write(root, "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1000000\n");
    assertThat(MachineMemory.available(root)).isEqualTo(OptionalLong.of(2_000_000));
  }

  @Test
  void cachedFilesOfAGroupCountAsFreeInBothKinds(@TempDir Path root) throws IOException {
    write(root, "proc/self/cgroup", "3:memory:/job\n0::/\n");
    write(root, "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000000\n");
    write(root, "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "2500000\n");
    write(
        root,
        "sys/fs/cgroup/memory/job/memory.stat",
        "inactive_file 1\ntotal_inactive_file 1000000\n");
    assertThat(MachineMemory.available(root)).isEqualTo(OptionalLong.of(1_500_000));
  }

  @Test
  void aGroupThatIsFullLeavesNothing(@TempDir Path root) throws IOException {
    write(root, "proc/self/cgroup", "0::/\n");
    write(root, "sys/fs/cgroup/memory.max", "1000\n");
    write(root, "sys/fs/cgroup/memory.current", "2000\n");
    assertThat(MachineMemory.available(root)).isEqualTo(OptionalLong.of(0));
  }

  private static void write(Path root, String name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), text);
  }
}
