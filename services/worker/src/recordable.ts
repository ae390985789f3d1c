import { type StageEvent, stageEventSchema } from '#libs/contracts';

/**
 * Why the recorder would reject an event, as the end of a sentence without a full stop; null when it would not. An event
 * that is committed and cannot be recorded would leave its stage without an end: the app would be called again and again.
 */
export function unrecordableReason(event: StageEvent): string | null {
  const checked = stageEventSchema.safeParse(event);
  if (checked.success) return null;
  const issue = checked.error.issues[0]!;
  return `the value of ${issue.path.join('.')} is not valid (${issue.message})`;
}
