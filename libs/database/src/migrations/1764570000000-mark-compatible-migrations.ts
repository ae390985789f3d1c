import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names the migrations with which services that do not know them can work: those since the first entry of CHANGELOG. A
 * later migration that only adds something inserts its own name.
 */
export class MarkCompatibleMigrations1764570000000 implements MigrationInterface {
  readonly name = 'MarkCompatibleMigrations1764570000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table schema_compatibility (
        migration text constraint schema_compatibility_pkey primary key
      );
      insert into schema_compatibility (migration) values
        ('SurviveLostTransactions1764500000000'),
        ('AdmitByStage1764520000000'),
        ('HoldBatches1764530000000'),
        ('ReportWaitingWork1764560000000'),
        ('${this.name}');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table schema_compatibility');
  }
}
