package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.hub.HubException.Kind;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What the refusal of an upload means, and what to do about it.
final class UploadRefusals {
  private final HubSettings settings;
  private final ModelRef model;

  UploadRefusals(HubSettings settings, ModelRef model) {
    this.settings = settings;
    this.model = model;
  }

  /// @throws PassingException if the same request may well succeed a little later
  void throwIfPassing(Reply reply) throws PassingException {
    switch (reply.status()) {
      case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529 ->
          throw new PassingException(
              "%s answers with %s".formatted(reply.uri().getHost(), reason(reply)),
              reply.retryAfter());
      default -> {}
    }
  }

  /// @param what was to be done, such as `to upload`
  IOException of(Reply reply, String what) {
    try {
      throwIfPassing(reply);
    } catch (PassingException e) {
      return e;
    }
    return new HubException(
        Kind.REFUSED,
        switch (reply.status()) {
          case 401 -> unknownToken(what, reply);
          case 402 -> full(what, reply);
          case 403 -> isAboutSpace(reply) ? full(what, reply) : forbidden(what, reply);
          case 404 ->
              "There is no %s at %s, or %s may not see it: %s. Check the spelling and the token's rights."
                  .formatted(model, settings.endpoint(), tokenName(), reason(reply));
          case 409, 412 ->
              "%s was changed by somebody else meanwhile: %s. Run the command again."
                  .formatted(model, reason(reply));
          case 413 ->
              "%s takes no commit of that size: %s. Upload in parts, or keep large files in another format than text."
                  .formatted(settings.endpoint(), reason(reply));
          default ->
              "%s refuses %s with status %d: %s."
                  .formatted(reply.uri().getHost(), what, reply.status(), reason(reply));
        });
  }

  private String unknownToken(String what, Reply reply) {
    var page = settings.endpoint() + "/settings/tokens";
    return settings.token().isEmpty()
        ? "%s wants to know who asks %s. Make a token with the right to write at %s, and put it into the environment variable HF_TOKEN, or store it with Hugging Face's `hf auth login`."
            .formatted(settings.endpoint(), what, page)
        : "%s does not accept %s: %s. Make a new one at %s."
            .formatted(settings.endpoint(), tokenName(), reason(reply), page);
  }

  private String forbidden(String what, Reply reply) {
    return "%s has not the right %s in %s: %s. Give it the right to write, or name a model of your own."
        .formatted(capital(tokenName()), what, model.id(), reason(reply));
  }

  private String full(String what, Reply reply) {
    return "There is no room %s: %s. Make space at %s/settings/billing, or upload less."
        .formatted(what, reason(reply), settings.endpoint());
  }

  private static boolean isAboutSpace(Reply reply) {
    var words = reason(reply);
    return words.contains("quota") || words.contains("storage") || words.contains("limit");
  }

  /// The Hub's own words, from its header or from the body that it sends as JSON.
  private static String reason(Reply reply) {
    var stated = reply.reason();
    if (!stated.equals("HTTP status " + reply.status())) {
      return stated;
    }
    try {
      var body = JsonObject.parse("", reply.text().getBytes(StandardCharsets.UTF_8));
      return body.optionalText("error")
          .or(() -> body.optionalText("message"))
          .map(Excerpt::of)
          .orElse(stated);
    } catch (InputException _) {
      return reply.text().isBlank() ? stated : stated + ", " + Excerpt.of(reply.text());
    }
  }

  private String tokenName() {
    return settings.token().map(Token::toString).orElse("who has no token");
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
