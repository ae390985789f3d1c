/** Fetches the metadata document of the CLAMS app at an address; rejects when there is none. */
export abstract class AppMetadataSource {
  abstract fetch(url: string): Promise<unknown>;
}
