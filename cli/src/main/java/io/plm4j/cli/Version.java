package io.plm4j.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// `plm --version`.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    var own = Optional.ofNullable(Version.class.getPackage().getImplementationVersion());
    return new String[] {
      "plm4j %s, Java %s".formatted(own.orElse("(not packaged)"), Runtime.version())
    };
  }
}
