import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The fields of a service in docker-compose.yml that the specs check, after interpolation. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** Replaces `${NAME:-default}` and `${NAME:?sentence}` like Compose; throws the sentence of a missing variable. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const value = variables[name] ?? '';
    if (value === '' && kind === '?') throw new Error(`${name}: ${rest}`);
    return value === '' ? rest : value;
  });
}

/** The services of docker-compose.yml with these variables in `.env`. */
export function composeServices(variables: Readonly<Record<string, string>>): Record<string, ComposeService> {
  const file: unknown = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true });
  const filled: unknown = JSON.parse(JSON.stringify(file), (_, value: unknown) =>
    typeof value === 'string' ? interpolate(value, variables) : value,
  );
  return (filled as { services: Record<string, ComposeService> }).services;
}
