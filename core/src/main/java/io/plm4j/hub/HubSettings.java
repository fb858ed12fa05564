package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where models come from and where they are kept.
///
/// @param cache the folder that holds `models--owner--name`, shared with Python's programs
/// @param endpoint address of the Hub, without a slash at its end
/// @param token sent to the endpoint, and to nobody else
/// @param proxies empty for those that Java's own properties name
public record HubSettings(
    Path cache,
    URI endpoint,
    Optional<Token> token,
    Network network,
    Links links,
    TransferSettings transfers,
    Optional<ProxySelector> proxies) {
  static final String PUBLIC_HUB = "https://huggingface.co";

  /// Whether the network may be used at all.
  public enum Network {
    ONLINE,
    OFFLINE
  }

  /// What a snapshot holds.
  public enum Links {
    /// Links to the files, which snapshots then share, where the file system has links.
    SYMBOLIC,
    /// The files themselves.
    NONE
  }

  /// Reads the variables that Python's `huggingface_hub` reads, with the same defaults.
  ///
  /// @throws InputException if one of them cannot be used
  public static HubSettings of(Map<String, String> environment) {
    var variables = new Variables(environment);
    var home = variables.hubHome();
    var token =
        variables.isSet("HF_HUB_DISABLE_IMPLICIT_TOKEN")
            ? Optional.<Token>empty()
            : variables.token(home);
    boolean offline = variables.isSet("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE");
    var transfers =
        TransferSettings.DEFAULT.withTimeouts(
            variables.seconds("HF_HUB_ETAG_TIMEOUT", TransferSettings.DEFAULT.answer()),
            variables.seconds("HF_HUB_DOWNLOAD_TIMEOUT", TransferSettings.DEFAULT.stall()));
    return new HubSettings(
        variables
            .path("HF_HUB_CACHE")
            .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
            .orElse(home.resolve("hub")),
        endpoint(variables.value("HF_ENDPOINT").orElse(PUBLIC_HUB)),
        token,
        offline ? Network.OFFLINE : Network.ONLINE,
        variables.isSet("HF_HUB_DISABLE_SYMLINKS") ? Links.NONE : Links.SYMBOLIC,
        transfers,
        EnvironmentProxies.of(variables));
  }

  private static URI endpoint(String text) {
    try {
      var uri = URI.create(text.replaceAll("/+$", ""));
      boolean usable =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      if (usable) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new InputException(
        "HF_ENDPOINT is '%s'; wanted the address of a Hub, such as %s."
            .formatted(Excerpt.of(text), PUBLIC_HUB));
  }

  public HubSettings withTransfers(TransferSettings other) {
    return new HubSettings(cache, endpoint, token, network, links, other, proxies);
  }

  public HubSettings withNetwork(Network other) {
    return new HubSettings(cache, endpoint, token, other, links, transfers, proxies);
  }
}
