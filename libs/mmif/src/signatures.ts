import type { View } from './model.js';
import { compareApps } from './same-app.js';

type Signed = Pick<View, 'metadata'>;

const signers = (views: readonly Signed[]): string[] => [...new Set(views.map(({ metadata }) => metadata.app))];

/** A sentence for each other app that signed one of the views. */
export const strangers = (views: readonly Signed[], identifier: string): string[] =>
  signers(views)
    .filter((app) => compareApps(app, identifier) === 'other')
    .map((app) => `A new view is signed by another app, ${app || 'which has no name'}.`);

/** A sentence when the app signed with another version than the one that was asked, else null. */
export function drift(views: readonly Signed[], identifier: string): string | null {
  const signed = signers(views).find((app) => compareApps(app, identifier) === 'other-version');
  return signed === undefined ? null : `The app is registered as ${identifier} and signs as ${signed}.`;
}
