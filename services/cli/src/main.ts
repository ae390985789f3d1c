import { runCli } from './run-cli.js';

const { stdin, stdout, stderr } = process;
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
// A reader that has gone away (`chowda media list | head`) shows at the next write.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr, signal: interrupt.signal });
