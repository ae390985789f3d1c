import { expect, it } from '@jest/globals';
import { readMmif } from '#libs/mmif';
import { bodyOf, classify } from './app-under-test.js';
import { bytes, shortIdsDocument, textOf, writtenText } from './documents.js';
import type { Subject } from './subject.js';

/** Behaviours of the apps in a chain, in order. */
const WORK = ['ok', 'frames and frame rate', 'warn', 'aligned', 'frame rate', 'only warn', 'two views'];

const orders = (subjects: readonly Subject[]): Subject[][] =>
  subjects.length < 2
    ? [[...subjects]]
    : subjects.flatMap((first) =>
        orders(subjects.filter((other) => other !== first)).map((others) => [first, ...others]),
      );

/** Tests that answers of all generations are accepted, whichever app wrote the input. */
export function describeChains(subjects: readonly Subject[]): void {
  const chains = orders(subjects).map((order) => ({
    order,
    // Repeated, so that every generation also reads its own views as rewritten by the others.
    steps: [...order, ...order, ...order],
    names: order.map(({ generation }) => generation.name).join(', '),
  }));

  it.each(chains)('are accepted in repeated chains of $names', async ({ steps }) => {
    let document = shortIdsDocument;
    for (const [index, subject] of steps.entries()) {
      const what = WORK[index % WORK.length]!;
      const exchange = await subject
        .app()
        .call({ what: subject.generation.isPython || what !== 'two views' ? what : 'ok' }, { input: document });
      expect(exchange.classified).toMatchObject({ success: true, fingerprint: null });
      document = bodyOf(exchange);
    }
    expect(readMmif(document).views.length).toBeGreaterThanOrEqual(4 + steps.length);
  });

  it.each(subjects)('are rejected when an answer of $generation.name was damaged', async (subject) => {
    const exchange = await subject.app().call({ count: 2 }, { input: shortIdsDocument });
    const answer = JSON.parse(textOf(bodyOf(exchange))) as { views: { annotations: unknown[]; metadata: object }[] };
    const judge = (change: (views: typeof answer.views) => void) => {
      const changed = structuredClone(answer);
      change(changed.views);
      const body = bytes(JSON.stringify(changed));
      return classify(
        { kind: 'answer', status: 200, contentType: 'application/json', retryAfter: null, body },
        shortIdsDocument,
      );
    };
    expect(judge(() => undefined).success).toBe(true);
    expect(judge((views) => void views.shift()).outcome).toBe('invalid-output');
    expect(judge((views) => void views[1]!.annotations.pop()).outcome).toBe('invalid-output');
    expect(judge((views) => void views.splice(4)).outcome).toBe('invalid-output');
  });

  const pairs = subjects.flatMap((producer) =>
    subjects.map((consumer) => {
      const knowsBoth = !consumer.generation.isPython || consumer.generation.vocabulary === 'new';
      const finds = knowsBoth || producer.generation.vocabulary === 'old';
      const names = `${consumer.generation.name} after ${producer.generation.name}`;
      return {
        producer,
        consumer,
        finds,
        title: `${finds ? 'have' : 'do not have'} annotations that the next app finds: ${names}`,
      };
    }),
  );
  it.each(pairs)('$title', async ({ producer, consumer, finds }) => {
    const produced = bodyOf(await producer.app().call({ what: 'aligned' }));
    const followed = await consumer.app().call({ what: 'follow' }, { input: produced });
    expect(writtenText(bodyOf(followed))).toMatch(finds ? /tp_1 .*tp_2/ : /^none$/);
    expect(followed.classified.outcome).toBe('ok');
  });
}
