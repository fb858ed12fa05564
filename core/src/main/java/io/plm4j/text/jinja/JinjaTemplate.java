package io.plm4j.text.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template. Immutable, and safe for use by several threads.
public final class JinjaTemplate {
  /// Enough for a book in a conversation, and about a second for a template that loops.
  private static final long WORK = 20_000_000;

  private final Source source;
  private final List<Statement> statements;

  private JinjaTemplate(Source source, List<Statement> statements) {
    this.source = source;
    this.statements = statements;
  }

  /// @param name what messages call the template, such as its file
  /// @throws io.plm4j.error.InputException if the template is wrong or uses something unsupported;
  ///   the message has the line and the construct
  public static JinjaTemplate parse(String template, String name) {
    var source = new Source(name);
    return new JinjaTemplate(source, TemplateParser.parse(source, template));
  }

  /// Renders the template.
  ///
  /// @param variables by name: `String` (the author of the template is trusted with it), {@link
  ///   TracedText}, `Boolean`, `Integer`, `Long`, `Double`, and lists and string-keyed maps of
  ///   these; null is Python's None
  /// @param clock what `strftime_now` reads
  /// @throws io.plm4j.error.InputException if the template fails or refuses the variables
  public TracedText render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    var budget = new Budget(WORK);
    var builtIn = new Scope(null);
    Functions.define(builtIn, clock, budget);
    var scope = new Scope(builtIn);
    variables.forEach((name, value) -> scope.set(name, Value.of(value)));
    return new Interpreter(source, budget).render(statements, scope);
  }
}
