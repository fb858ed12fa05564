package io.plm4j.tensor;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.javacpp.PointerScope;

/// The lifetime of a step: every tensor made on this thread while the scope is open is freed when
/// it closes, but for those that [#keep] hands to the scope around it.
///
/// ```java
/// try (var scope = Scope.open()) {
///   var y = layer.apply(x);
///   return scope.keep(y);
/// }
/// ```
///
/// Scopes nest per thread and must be closed in reverse order by the thread that opened them. What
/// must outlive all steps (weights, a key/value cache) is held by an [Owner].
public final class Scope implements AutoCloseable {
  static {
    Libtorch.configure();
  }

  private static final ThreadLocal<Deque<Scope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

  private final PointerScope pointers = new PointerScope();

  private Scope() {}

  public static Scope open() {
    var scope = new Scope();
    OPEN.get().push(scope);
    return scope;
  }

  /// Moves a tensor to the enclosing scope, so that it survives this one.
  ///
  /// @throws IllegalStateException if this scope is not the innermost, or there is none around it
  public Tensor keep(Tensor tensor) {
    var open = OPEN.get();
    if (open.peek() != this) {
      throw new IllegalStateException(
          "keep() was called on a scope that is not the innermost open one");
    }
    var scopes = open.iterator();
    scopes.next();
    if (!scopes.hasNext()) {
      throw new IllegalStateException(
          "keep() needs a scope around this one; hold long-lived tensors with an Owner");
    }
    scopes.next().pointers.attach(tensor.pointer());
    return tensor;
  }

  @Override
  public void close() {
    if (OPEN.get().peek() != this) {
      throw new IllegalStateException(
          "scopes must be closed in reverse order of opening, on the thread that opened");
    }
    OPEN.get().pop();
    pointers.close();
  }
}
