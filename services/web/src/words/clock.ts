const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Local time of day with seconds. */
export const formatClock = (time: number | string): string => timeOfDay.format(new Date(time));
/** Local day and time. */
export const formatMoment = (time: string): string => dayAndTime.format(new Date(time));
