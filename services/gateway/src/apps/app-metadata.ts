/** Fetches what the CLAMS app at an address tells about itself, as the text it sent; rejects with the reason when there is none. */
export abstract class AppMetadataSource {
  abstract fetch(url: string): Promise<string>;
}
