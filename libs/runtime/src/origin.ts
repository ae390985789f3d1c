/** The headers of a request that show which page sent it. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
}

/**
 * Whether a request comes from a page of this host, or from a program, which sends no `Origin`. A page of another site
 * has a different host or port in `Origin`, or `null`. The scheme is not compared, because TLS may end at a proxy.
 */
export const isOwnOrigin = ({ origin, host }: OriginHeaders): boolean =>
  origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
