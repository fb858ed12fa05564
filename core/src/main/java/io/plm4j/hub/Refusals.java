package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.hub.HubException.Kind;
import java.io.IOException;

/// What a server's refusal means, and what to do about it.
final class Refusals {
  private final HubSettings settings;
  private final ModelRef model;

  Refusals(HubSettings settings, ModelRef model) {
    this.settings = settings;
    this.model = model;
  }

  /// @param what was asked for: the model, or one of its files
  IOException of(Reply reply, String what) {
    return switch (reply.status()) {
      case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529 ->
          new PassingException(
              "%s answers with %s".formatted(reply.uri().getHost(), words(reply)),
              reply.retryAfter());
      case 401, 403 -> new HubException(Kind.REFUSED, denied(reply));
      // A model that is there without this revision is no reason to take an older one.
      case 404, 410 ->
          new HubException(
              reply.errorCode().equals("RevisionNotFound") ? Kind.WRONG : Kind.REFUSED,
              unknown(reply, what));
      default ->
          new HubException(
              Kind.WRONG,
              "%s answers to the request for %s with %s: %s"
                  .formatted(reply.uri().getHost(), what, words(reply), Excerpt.of(reply.text())));
    };
  }

  private static String words(Reply reply) {
    return switch (reply.status()) {
      case 429 -> "429, too many requests";
      default -> reply.reason();
    };
  }

  private String denied(Reply reply) {
    if (reply.errorCode().equals("GatedRepo")) {
      return gated(reply);
    }
    if (reply.reason().contains("disabled")) {
      return "%s is disabled at %s: %s".formatted(model.id(), settings.endpoint(), reply.reason());
    }
    if (settings.token().isEmpty()) {
      return "There is no model %s at %s, or it is private. Check the spelling; to read a private one, %s."
          .formatted(model.id(), settings.endpoint(), giveAToken());
    }
    return reply.status() == 401
        ? "%s does not know %s, or %s is not for it: %s. To make a new one, open %s/settings/tokens; then %s."
            .formatted(
                settings.endpoint(),
                tokenName(),
                model.id(),
                reply.reason(),
                settings.endpoint(),
                giveAToken())
        : "%s may not be read with %s: %s. Give the token the right to read it, or use another."
            .formatted(model.id(), tokenName(), reply.reason());
  }

  private String gated(Reply reply) {
    var page = settings.endpoint() + "/" + model.id();
    var accept =
        "%s is gated: open %s, log in, and accept its authors' conditions."
            .formatted(model.id(), page);
    return settings.token().isEmpty()
        ? "%s Then %s; tokens are made at %s/settings/tokens."
            .formatted(accept, giveAToken(), settings.endpoint())
        : "%s %s has no access yet (%s): it must belong to the account that accepted them, and may need its authors' approval and the right to read gated models."
            .formatted(accept, capital(tokenName()), reply.reason());
  }

  private String unknown(Reply reply, String what) {
    return switch (reply.errorCode()) {
      case "RevisionNotFound" ->
          "%s has no revision '%s'. %s/%s/tree/main shows its branches and tags."
              .formatted(model.id(), model.revision(), settings.endpoint(), model.id());
      case "EntryNotFound" ->
          "%s has no file %s at revision %s.".formatted(model.id(), what, model.revision());
      default ->
          "There is no model %s at %s (%s). Check the spelling%s."
              .formatted(
                  model.id(),
                  settings.endpoint(),
                  reply.reason(),
                  settings.token().isPresent()
                      ? ", and that " + tokenName() + " may read it if it is private"
                      : "; if it is private, " + giveAToken());
    };
  }

  private static String giveAToken() {
    return "put a token into the environment variable HF_TOKEN, or store it with Hugging Face's `hf auth login`";
  }

  private String tokenName() {
    return settings.token().map(Token::toString).orElse("no token");
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
