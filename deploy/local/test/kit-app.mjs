// A CLAMS app on the TypeScript kit; it exits when its standard input ends.
// Usage: node kit-app.mjs PORT [--hold]. With --hold it prints "holding" on each call and never answers.
import { createApp } from '#libs/clams';

const VOCABULARY = 'http://mmif.clams.ai/vocabulary';
const [port, option] = process.argv.slice(2);

const app = createApp({
  metadata: {
    name: 'Opening',
    description: 'Marks the first second.',
    app_version: 'v1',
    mmif_version: '1.0.5',
    app_license: 'Apache-2.0',
    identifier: 'http://apps.clams.ai/opening/v1',
    url: 'https://example.org/opening',
    input: [{ '@type': `${VOCABULARY}/VideoDocument/v1` }],
    output: [{ '@type': `${VOCABULARY}/TimeFrame/v5` }],
  },
  annotate: async () => {
    if (option === '--hold') {
      process.stdout.write('holding\n');
      await new Promise(() => undefined);
    }
    const properties = { id: 'tf_1', document: 'd1', timeUnit: 'milliseconds', start: 0, end: 1000, label: 'opening' };
    return [{ '@type': `${VOCABULARY}/TimeFrame/v5`, properties }];
  },
});

process.stdin.resume().once('end', () => process.exit());
await app.listen(Number(port));
