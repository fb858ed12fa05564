package io.plm4j.train.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.optimizer.AdamW;
import io.plm4j.train.optimizer.Moments;
import io.plm4j.vision.ClassToken;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Holds loss, gradients and a step of AdamW to the reference's (golden/README.md of core).
class LearnerGoldenTest {
  private static final AdamW.Settings ADAMW =
      new AdamW.Settings(0.9, 0.95, 1e-8, 0.1, _ -> true, Moments.Kind.FULL);

  @ParameterizedTest
  @CsvSource({
    "PRESENT,REMEMBER",
    "PRESENT,RECOMPUTE",
    "ABSENT,REMEMBER",
    "ABSENT,RECOMPUTE",
  })
  void aStepIsTheReferences(ClassToken variant, Memory memory) {
    try (var model = new ClosedForm(variant, memory);
        var optimizer = new AdamW(model.parameters.learnt(), ADAMW);
        var gradients = new Gradients(model.parameters.learnt(), Gradients.Parts.ONE);
        var _ = Scope.open()) {
      var batch = List.of(model.example());
      int predicted = batch.getFirst().predicted();

      double loss = model.learner.learn(batch, predicted);

      assertThat(loss).isCloseTo(model.golden.get("loss").asDouble(), within(1e-4));
      double norm = gradients.norm();
      assertThat(norm)
          .isCloseTo(model.golden.get("grad_norm").asDouble(), Percentage.withPercentage(0.01));
      model
          .golden
          .get("grads")
          .properties()
          .forEach(entry -> {
            var gradient = model.parameter(entry.getKey()).gradient().orElseThrow();
            assertStarts(gradient, entry.getValue().get("first"));
            assertThat(absoluteSum(gradient))
                .as(entry.getKey())
                .isCloseTo(
                    entry.getValue().get("abs_sum").asDouble(), Percentage.withPercentage(0.01));
          });

      optimizer.step(gradients, 1e-3, Math.min(1, 1 / (norm + 1e-6)));

      model
          .golden
          .get("after_clip1_adamw_lr1e-3_b0.9_0.95_wd0.1")
          .properties()
          .forEach(entry -> assertStarts(model.parameter(entry.getKey()), entry.getValue()));
      assertThat(model.learner.lossSum(batch) / predicted)
          .isCloseTo(model.golden.get("loss_after_step").asDouble(), within(2e-3));
    }
  }

  private static double absoluteSum(Tensor values) {
    double sum = 0;
    for (float value : values.toFloats()) {
      sum += Math.abs(value);
    }
    return sum;
  }

  private static void assertStarts(Tensor value, JsonNode expected) {
    float[] found = value.detach().toFloats();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found[i]).isCloseTo((float) expected.get(i).asDouble(), within(2e-4f));
    }
  }
}
