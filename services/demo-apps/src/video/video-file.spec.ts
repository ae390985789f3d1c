import { describe, expect, it } from '@jest/globals';
import { FileNotFoundError, NoVideoError, openVideo, pathOf } from './video-file.js';

describe('the location of a video', () => {
  it('is decoded to a path', () => {
    expect(pathOf('file:///data/two%20words%23.mp4')).toBe('/data/two words#.mp4');
  });

  it('is rejected if it is not a file:// URL', () => {
    expect(() => pathOf('https://example.org/a.mp4')).toThrow(NoVideoError);
    expect(() => pathOf('/data/a.mp4')).toThrow('not a file:// URL');
  });

  it('is rejected if there is no file', async () => {
    await expect(openVideo('file:///nowhere/a.mp4')).rejects.toThrow(FileNotFoundError);
    await expect(openVideo('file:///nowhere/a.mp4')).rejects.toThrow('There is no file /nowhere/a.mp4.');
  });

  it('is rejected if it is a folder', async () => {
    await expect(openVideo('file:///')).rejects.toThrow(NoVideoError);
  });
});
