import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** One-time sign-in codes that were used; only their hashes are kept. */
@Injectable()
export class SignInRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** True for the first use of a code, false ever after. */
  async useOnce(code: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'insert into used_sign_in_codes (code_hash) values ($1) on conflict do nothing returning code_hash',
      [createHash('sha256').update(code).digest('hex')],
    );
    return rows.length > 0;
  }
}
