import { describe, expect, it } from '@jest/globals';
import type { NewPipeline } from '#libs/contracts';
import { readPipelineFile, writePipelineFile } from './pipeline-file.js';

const YAML = `# What is to read on screen
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

  it('reads JSON, which is YAML too', () => {
    expect(readPipelineFile('x.json', '{"name": "Text", "stages": [{"app": "a"}]}')).toMatchObject({ ok: true });
  });

  it('names every fault by its line and its field', () => {
    const text = 'name: Text\nstages:\n  - app: 7\n  - app: a\n    parametres: {}\nversion: 2\n';
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^text\.yaml:3: stages\.0\.app: /),
      'text.yaml:5: stages.1.parametres: nothing is called "parametres" here',
      'text.yaml:6: version: nothing is called "version" here',
    ]);
  });

  it('names what is missing by what it is missing from', () => {
    expect(faultsOf('name: Text\nstages:\n  - parameters: {}\n')).toEqual([
      expect.stringMatching(/^text\.yaml:3: stages\.0\.app: /),
    ]);
    expect(faultsOf('name: Text\n')).toEqual([expect.stringMatching(/^text\.yaml: stages: /)]);
  });

  it.each([
    ['a line that is no YAML', 'name: Text\nstages: [\n'],
    ['a key that is there twice', 'name: Text\nname: Other\nstages: [{app: a}]\n'],
  ])('finds %s', (_, text) => expect(faultsOf(text)[0]).toMatch(/^text\.yaml:[23]: \w/));

  it('finds an empty file', () => expect(faultsOf('')).toHaveLength(1));

  it('tells where a field of the pipeline stands in the file', () => {
    const read = readPipelineFile('text.yaml', YAML);
    expect(read.ok && read.placeOf('stages.0.parameters.threshold')).toBe('text.yaml:6');
    expect(read.ok && read.placeOf('stages.1')).toBe('text.yaml:8');
    expect(read.ok && read.placeOf('')).toBe('text.yaml');
  });
});

describe(writePipelineFile, () => {
  it('writes what is read as the same pipeline', () => {
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
