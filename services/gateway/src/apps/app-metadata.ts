/** Where CLAMS apps are asked about themselves. */
export abstract class AppMetadataSource {
  /**
   * What the app at an address tells, as the text it sent; rejects with AppMetadataError of `#libs/clams` when there is
   * none. `deadline` in milliseconds, 20 s by default.
   */
  abstract fetch(url: string, deadline?: number): Promise<string>;
}
