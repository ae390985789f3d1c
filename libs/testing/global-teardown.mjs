export default async function tearDown() {
  await globalThis.chowdaTestRun?.stop();
}
