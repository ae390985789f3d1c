import { request as undiciRequest, Agent } from 'undici';
import { callApp } from '#libs/clams';
import { answerParent } from '../workbench/answer-parent.js';
import type { ClientCost, ClientQuestion, ClientVariant } from '../chowda/client-cost.js';

const DEADLINE_MS = 3_600_000;
const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, pipelining: 1 });
const HEADERS = { 'content-type': 'application/json' };
const never = new AbortController().signal;

const CALLS: Readonly<Record<ClientVariant, (url: string, document: Buffer) => Promise<number>>> = {
  callApp: async (url, document) => {
    const call = { url, document, parameters: {}, declaredTypes: {}, mmifVersion: '1.0.5', callId: 'bench' };
    const reply = await callApp({ ...call, deadlineMs: DEADLINE_MS, signal: never });
    return reply.kind === 'answer' && reply.status === 200 ? reply.body.byteLength : 0;
  },
  'bare undici': async (url, body) => {
    const answer = await undiciRequest(`${url}/`, { method: 'POST', headers: HEADERS, body, dispatcher: agent });
    return (await answer.body.arrayBuffer()).byteLength;
  },
  fetch: async (url, body) => {
    const answer = await fetch(`${url}/`, { method: 'POST', headers: HEADERS, body });
    return (await answer.arrayBuffer()).byteLength;
  },
};

/** Sends a document `requests` times, several at once; returns the cost in this process. */
async function measure({ variant, url, bytes, requests, concurrency }: ClientQuestion): Promise<ClientCost> {
  const document = documentOf(bytes);
  const call = CALLS[variant];
  let left = requests;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const answered = await call(url, document);
      if (answered <= bytes) throw new Error(`${variant} did not receive the document with a view.`);
    }
  };
  const [before, begin] = [process.cpuUsage(), performance.now()];
  await Promise.all(Array.from({ length: concurrency }, lane));
  const { user, system } = process.cpuUsage(before);
  return { microseconds: (user + system) / requests, perSecond: (requests * 1000) / (performance.now() - begin) };
}

/** A document of `bytes` bytes that ends with its list of views. */
function documentOf(bytes: number): Buffer {
  const [head, tail] = [
    '{"metadata":{"mmif":"http://mmif.clams.ai/1.0.5","padding":"',
    '"},"documents":[],"views":[]}',
  ];
  return Buffer.from(`${head}${'x'.repeat(Math.max(0, bytes - head.length - tail.length))}${tail}`);
}

answerParent(measure);
