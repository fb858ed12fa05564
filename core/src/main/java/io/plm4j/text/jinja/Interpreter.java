package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;

/// Runs the statements of a template and collects what they print.
final class Interpreter {
  /// How a body ended, for the loop around it.
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final Source source;
  private final Budget budget;
  private final Evaluator evaluator;

  Interpreter(Source source, Budget budget) {
    this.source = source;
    this.budget = budget;
    evaluator = new Evaluator(budget);
  }

  TracedText render(List<Statement> statements, Scope scope) {
    var out = new TracedText.Builder();
    run(statements, scope, out);
    return out.build();
  }

  private Flow run(List<Statement> statements, Scope scope, TracedText.Builder out) {
    for (Statement statement : statements) {
      try {
        budget.enter();
        Flow flow = run(statement, scope, out);
        budget.leave();
        if (flow != Flow.ON) {
          return flow;
        }
      } catch (Failure failure) {
        throw source.error(statement.line(), String.valueOf(failure.getMessage()));
      }
    }
    return Flow.ON;
  }

  private Flow run(Statement statement, Scope scope, TracedText.Builder out) {
    switch (statement) {
      case Statement.Text text -> print(text.text(), out);
      case Statement.Output output ->
          print(Printing.print(evaluator.evaluate(output.value(), scope), budget), out);
      case Statement.If choice -> {
        return run(choice, scope, out);
      }
      case Statement.For loop -> {
        return run(loop, scope, out);
      }
      case Statement.Set set -> assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
      case Statement.SetBlock block -> {
        var inner = new Scope(scope);
        inner.set(Statement.SetBlock.BODY, new Value.Text(render(block.body(), new Scope(scope))));
        assign(block.target(), evaluator.evaluate(block.value(), inner), scope);
      }
      case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
      case Statement.Block block -> {
        return run(block.body(), new Scope(scope), out);
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private void print(TracedText text, TracedText.Builder out) {
    budget.spend(text.length());
    out.append(text);
  }

  private Flow run(Statement.If choice, Scope scope, TracedText.Builder out) {
    for (Statement.Branch branch : choice.branches()) {
      if (isTrue(branch, scope)) {
        return run(branch.body(), scope, out);
      }
    }
    return run(choice.otherwise(), scope, out);
  }

  private boolean isTrue(Statement.Branch branch, Scope scope) {
    try {
      return evaluator.isTrue(branch.condition(), scope);
    } catch (Failure failure) {
      throw source.error(branch.line(), String.valueOf(failure.getMessage()));
    }
  }

  private Flow run(Statement.For loop, Scope scope, TracedText.Builder out) {
    List<Value> items = items(loop, scope);
    for (int i = 0; i < items.size(); i++) {
      var inner = new Scope(scope);
      inner.set("loop", new Value.Loop(i, items));
      assign(loop.target(), items.get(i), inner);
      if (run(loop.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    return items.isEmpty() ? run(loop.otherwise(), new Scope(scope), out) : Flow.ON;
  }

  private List<Value> items(Statement.For loop, Scope scope) {
    List<Value> items = Python.items(evaluator.evaluate(loop.items(), scope));
    budget.spend(items.size());
    if (loop.filter() == null) {
      return items;
    }
    List<Value> chosen = new ArrayList<>();
    for (Value item : items) {
      var inner = new Scope(scope);
      assign(loop.target(), item, inner);
      if (evaluator.isTrue(loop.filter(), inner)) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Target.Name name -> scope.set(name.name(), value);
      case Target.Names names -> {
        List<Value> parts = Python.items(value);
        if (parts.size() != names.parts().size()) {
          throw new Failure("%d names for %d values".formatted(names.parts().size(), parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
          assign(names.parts().get(i), parts.get(i), scope);
        }
      }
      case Target.NamespaceMember member -> {
        if (scope.get(member.namespace()) instanceof Value.Namespace namespace) {
          namespace.members.put(member.name(), value);
        } else {
          throw new Failure(
              "'%s' is no namespace(), so '%s' cannot be set in it"
                  .formatted(member.namespace(), member.name()));
        }
      }
    }
  }

  private Value function(Statement.Macro macro, Scope outer) {
    return new Value.Function(
        macro.name(),
        arguments -> {
          var scope = new Scope(outer);
          var bound = arguments.bind(macro.parameters().toArray(String[]::new));
          for (int i = 0; i < bound.length; i++) {
            String parameter = macro.parameters().get(i);
            Expression fallback = macro.defaults().get(parameter);
            Value given = bound[i];
            if (given == null) {
              given =
                  fallback != null
                      ? evaluator.evaluate(fallback, scope)
                      : new Value.Undefined("parameter '" + parameter + "' was not provided");
            }
            scope.set(parameter, given);
          }
          return new Value.Text(render(macro.body(), scope));
        });
  }
}
