package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The proxies that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, which Java does
/// not read by itself.
final class EnvironmentProxies extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final Map<String, Proxy> byScheme;
  private final List<String> excepted;

  private EnvironmentProxies(Map<String, Proxy> byScheme, List<String> excepted) {
    this.byScheme = Map.copyOf(byScheme);
    this.excepted = List.copyOf(excepted);
  }

  /// Empty if no variable names a proxy.
  static Optional<ProxySelector> of(Variables variables) {
    var byScheme = new HashMap<String, Proxy>();
    for (var scheme : List.of("http", "https")) {
      either(variables, scheme + "_proxy")
          .or(() -> either(variables, "all_proxy"))
          .ifPresent(address -> byScheme.put(scheme, proxy(address)));
    }
    if (byScheme.isEmpty()) {
      return Optional.empty();
    }
    var excepted =
        Arrays.stream(either(variables, "no_proxy").orElse("").split(","))
            .map(name -> name.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
            .filter(name -> !name.isEmpty())
            .toList();
    return Optional.of(new EnvironmentProxies(byScheme, excepted));
  }

  private static Optional<String> either(Variables variables, String name) {
    return variables.value(name).or(() -> variables.value(name.toUpperCase(Locale.ROOT)));
  }

  private static Proxy proxy(String text) {
    try {
      var uri = URI.create(text.contains("://") ? text : "http://" + text);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    // Not shown in full: it may hold a password.
    throw new InputException(
        "The proxy %s cannot be used; wanted http://host:port without a name and password."
            .formatted(Excerpt.of(text.replaceAll("//[^@/]*@", "//...@"))));
  }

  @Override
  public List<Proxy> select(URI uri) {
    var host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    var hostAndPort = host + ":" + uri.getPort();
    boolean direct =
        excepted.stream()
            .anyMatch(name ->
                name.equals("*")
                    || host.equals(name)
                    || hostAndPort.equals(name)
                    || host.endsWith("." + name));
    var proxy = byScheme.get(String.valueOf(uri.getScheme()));
    return direct || proxy == null ? DIRECT : List.of(proxy);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request fails with the same error, and says so.
  }
}
