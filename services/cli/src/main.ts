import { runCli } from './run-cli.js';

const { stdin, stdout, stderr } = process;
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
// A closed pipe (`chowda media list | head`) is reported by the callback of the next write.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined);

process.exitCode = await runCli(process.argv.slice(2), { stdin, stdout, stderr, signal: interrupt.signal });
