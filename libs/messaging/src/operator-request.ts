import { OPERATOR_GUIDE, OPERATOR_VERBS, type OperatorRequest, type OperatorVerb } from '#libs/contracts';
import { OperatorRefusal } from './errors.js';

/** Reads a request of an operator, an empty one as `{}`; throws OperatorRefusal that says how a right one looks. */
export function readOperatorRequest<Verb extends OperatorVerb>(verb: Verb, body: Uint8Array): OperatorRequest<Verb> {
  const parsed = OPERATOR_VERBS[verb].safeParse(parse(verb, body));
  if (parsed.success) return parsed.data as OperatorRequest<Verb>;
  const { path, message } = parsed.error.issues[0]!;
  const where = path.length === 0 ? 'the request' : `"${path.join('.')}"`;
  throw misfit(verb, `Correct ${where}: ${message}.`);
}

function parse(verb: OperatorVerb, body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body).trim();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw misfit(verb, `The request is no JSON: ${(error as Error).message}.`);
  }
}

const misfit = (verb: OperatorVerb, sentence: string) =>
  new OperatorRefusal(400, `${sentence} A right one is ${JSON.stringify(OPERATOR_GUIDE[verb].example)}`);
