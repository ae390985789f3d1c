/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonText = (status: number, body: string): Answer => ({ status, contentType: 'application/json', body });

export const jsonAnswer = (status: number, value: unknown): Answer => jsonText(status, JSON.stringify(value));

const HTML = 'text/html; charset=utf-8';

/** Flask's answer to OPTIONS. */
export const options = (allowed: string): Answer => ({
  status: 200,
  contentType: HTML,
  body: '',
  headers: { allow: allowed },
});

/** Flask's answer to a method that the path does not support. */
export const wrongMethod = (allowed: string): Answer => ({
  ...jsonAnswer(405, { message: 'The method is not allowed for the requested URL.' }),
  headers: { allow: allowed },
});

/** Flask's answer for an unknown path. */
export const wrongPath: Answer = {
  status: 404,
  contentType: HTML,
  body: [
    '<!doctype html>',
    '<html lang=en>',
    '<title>404 Not Found</title>',
    '<h1>Not Found</h1>',
    '<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>',
    '',
  ].join('\n'),
};

/** No call with this id is running here, or it has ended (RFC 9457). */
export const unknownCall = (id: string): Answer => ({
  ...jsonAnswer(404, {
    type: '/problems/unknown-call',
    title: 'No such call',
    status: 404,
    detail: `No call with the x-call-id "${id}" is running. Progress is available only while a call runs.`,
  }),
  contentType: 'application/problem+json',
});

/** The app is stopping; the client may repeat the call. */
export const stopping: Answer = jsonAnswer(503, { message: 'The app is stopping. Send the call again.' });
