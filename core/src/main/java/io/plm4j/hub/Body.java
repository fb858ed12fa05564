package io.plm4j.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Hands a body to a [Sink] while it comes, or keeps the begin of a failure's text. Notes when the
/// last bytes came: the JDK's client has no limit of its own for a body that pauses.
final class Body implements BodySubscriber<String> {
  /// Of a failure's text; a server's page of apologies may be long.
  private static final int MAX_TEXT = 4_000;

  private final Reply head;
  private final Sink sink;
  private final AtomicLong lastSign;
  private final LongSupplier nanoTime;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final CompletableFuture<String> result = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  /// @param lastSign when something came, by `nanoTime`
  Body(Reply head, Sink sink, AtomicLong lastSign, LongSupplier nanoTime) {
    this.head = head;
    this.sink = sink;
    this.lastSign = lastSign;
    this.nanoTime = nanoTime;
  }

  @Override
  public CompletionStage<String> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    lastSign.set(nanoTime.getAsLong());
    try {
      if (head.isSuccess()) {
        sink.begin(head);
      }
      given.request(1);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lastSign.set(nanoTime.getAsLong());
    try {
      for (var bytes : buffers) {
        take(bytes);
      }
      if (subscription != null && !result.isDone()) {
        subscription.request(1);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void take(ByteBuffer bytes) throws IOException {
    if (head.isSuccess()) {
      sink.accept(bytes);
      return;
    }
    var part = new byte[Math.min(bytes.remaining(), MAX_TEXT - text.size())];
    bytes.get(part);
    text.writeBytes(part);
    if (text.size() == MAX_TEXT) {
      onComplete();
      cancel();
    }
  }

  @Override
  public void onError(Throwable e) {
    result.completeExceptionally(e);
  }

  @Override
  public void onComplete() {
    result.complete(text.toString(StandardCharsets.UTF_8));
  }

  private void fail(Exception e) {
    result.completeExceptionally(e);
    cancel();
  }

  private void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
