import { Anchor, Group, Text } from '@mantine/core';
import type { StageRunView } from '#libs/contracts';
import { formatBytes } from '../display/format.js';

interface DocumentLinksProps {
  readonly document: NonNullable<StageRunView['document']>;
  readonly fileName: string;
  readonly stage: string;
}

/** Links to the output of a stage. */
export function DocumentLinks({ document, fileName, stage }: DocumentLinksProps) {
  const { url, bytes, sha256 } = document;
  return (
    <Group gap="md" title={`sha256 ${sha256}`}>
      <Anchor href={url} target="_blank" rel="noreferrer" aria-label={`Open MMIF output of ${stage} in a new tab`}>
        Open MMIF
      </Anchor>
      <Anchor href={url} download={fileName} aria-label={`Download MMIF output of ${stage}`}>
        Download
      </Anchor>
      <Text size="sm" c="dimmed">
        {formatBytes(bytes)}
      </Text>
    </Group>
  );
}
