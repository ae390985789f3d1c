import { describe, expect, it } from '@jest/globals';
import type { NewPipeline } from '#libs/contracts';
import { readPipelineFile, writePipelineFile } from './pipeline-file.js';

const YAML = `# On-screen text
name: Text
stages:
  - app: chowda-shots_v1-0
    parameters:
      threshold: 0.3
      labels: [bars, slate]
  - app: chowda-text_v1-0
`;

const faultsOf = (text: string) => {
  const read = readPipelineFile('text.yaml', text);
  return read.ok ? [] : read.faults;
};

describe(readPipelineFile, () => {
  it('reads a pipeline', () => {
    expect(readPipelineFile('text.yaml', YAML)).toMatchObject({
      ok: true,
      pipeline: {
        name: 'Text',
        stages: [
          { app: 'chowda-shots_v1-0', parameters: { threshold: 0.3, labels: ['bars', 'slate'] } },
          { app: 'chowda-text_v1-0', parameters: {} },
        ],
      },
    });
  });

  it('reads JSON', () => {
    expect(readPipelineFile('x.json', '{"name": "Text", "stages": [{"app": "a"}]}')).toMatchObject({ ok: true });
  });

  it('reports every fault with its line and field', () => {
    const text = 'name: Text\nstages:\n  - app: 7\n  - app: a\n    parametres: {}\nversion: 2\n';
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^text\.yaml:3: stages\.0\.app: /),
      'text.yaml:5: stages.1.parametres: unknown field "parametres"',
      'text.yaml:6: version: unknown field "version"',
    ]);
  });

  it('reports a missing field at the line of its parent', () => {
    expect(faultsOf('name: Text\nstages:\n  - parameters: {}\n')).toEqual([
      expect.stringMatching(/^text\.yaml:3: stages\.0\.app: /),
    ]);
    expect(faultsOf('name: Text\n')).toEqual([expect.stringMatching(/^text\.yaml: stages: /)]);
  });

  it.each([
    ['a line that is not valid YAML', 'name: Text\nstages: [\n'],
    ['a duplicate key', 'name: Text\nname: Other\nstages: [{app: a}]\n'],
  ])('reports %s', (_, text) => expect(faultsOf(text)[0]).toMatch(/^text\.yaml:[23]: \w/));

  it('reports an empty file', () => expect(faultsOf('')).toHaveLength(1));

  it('locates a field of the pipeline in the file', () => {
    const read = readPipelineFile('text.yaml', YAML);
    expect(read.ok && read.placeOf('stages.0.parameters.threshold')).toBe('text.yaml:6');
    expect(read.ok && read.placeOf('stages.1')).toBe('text.yaml:8');
    expect(read.ok && read.placeOf('')).toBe('text.yaml');
  });
});

describe(writePipelineFile, () => {
  it('writes a file that reads as the same pipeline', () => {
    const pipeline: NewPipeline = {
      name: 'Text: "quoted"',
      description: 'Two lines\nof it',
      stages: [
        { app: 'a', parameters: { flag: 'true', size: 3, map: { x: 'y' } } },
        { app: 'b', parameters: {} },
      ],
    };
    expect(readPipelineFile('x', writePipelineFile(pipeline))).toMatchObject({ ok: true, pipeline });
  });
});
