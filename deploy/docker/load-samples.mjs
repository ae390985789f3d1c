// Registers the sample media and the demo apps and starts the sample batch. Run it in the container of the gateway:
//   docker compose exec gateway node deploy/docker/load-samples.mjs
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../dist/deploy/local/src/api-client.js';
import { loadSamples } from '../../dist/deploy/local/src/samples.js';

const DEMO_APPS = ['http://demo-apps:8091', 'http://demo-apps:8092', 'http://demo-apps:8093'];
const mediaFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'services', 'demo-apps', 'media');

const { PORT, ACCESS_TOKEN } = process.env;
try {
  const api = new ApiClient(`http://127.0.0.1:${PORT}`, ACCESS_TOKEN);
  const batch = await loadSamples(api, { mediaFolder, appUrls: DEMO_APPS });
  process.stdout.write(`"${batch.name}" is batch ${batch.id}: watch it on the web page.\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
