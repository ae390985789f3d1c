import { OPERATOR_GUIDE, OPERATOR_VERBS, type OperatorRequest, type OperatorVerb } from '#libs/contracts';
import { OperatorRefusal } from '../errors.js';

/** Parses an operator request, an empty one as `{}`; throws OperatorRefusal with a valid example. */
export function readOperatorRequest<Verb extends OperatorVerb>(verb: Verb, body: Uint8Array): OperatorRequest<Verb> {
  const parsed = OPERATOR_VERBS[verb].safeParse(parse(verb, body));
  if (parsed.success) return parsed.data as OperatorRequest<Verb>;
  const { path, message } = parsed.error.issues[0]!;
  const where = path.length === 0 ? 'the request' : `"${path.join('.')}"`;
  throw refusal(verb, `Correct ${where}: ${message}.`);
}

function parse(verb: OperatorVerb, body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body).trim();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw refusal(verb, `The request is not valid JSON: ${(error as Error).message}.`);
  }
}

const refusal = (verb: OperatorVerb, sentence: string) =>
  new OperatorRefusal(400, `${sentence} A valid request is ${JSON.stringify(OPERATOR_GUIDE[verb].example)}`);
