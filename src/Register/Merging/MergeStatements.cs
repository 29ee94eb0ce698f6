using Kilde.Definitions.Model;
using Kilde.Register.Tables;

namespace Kilde.Register.Merging;

/// <summary>
/// The SQL that merges one table's staged rows. Names come from definitions, checked and quoted (SqlName); values are
/// parameters. A merge goes round by round: classify, end what no longer stands, write what now stands, tell the feed.
/// </summary>
internal sealed class MergeStatements(SqlName table, IReadOnlyList<RecordColumn> columns)
{
    private readonly SqlName[] _columns = [.. columns.Select(column => SqlName.Parse(column.Name))];

    private string Stage { get; } = $"pg_temp.\"{table.Text}_stage\"";

    private string Verdict { get; } = $"pg_temp.\"{table.Text}_verdict\"";

    private string Locator { get; } = $"register.{table.With("_locator")}";

    /// <summary>Rows as staged, in the transaction's own temporary tables: neither logged nor seen by others.</summary>
    public string CreateStage =>
        $"""
        create temp table "{table.Text}_stage" (
          record_key uuid not null,
          submission_no integer not null,
          round integer not null,
          person_key bigint,
          identifier_key bigint,
          unit text,
          local_id text,
          row_hash bytea{string.Concat(columns.Zip(_columns, (column, name) =>
              $",\n  {name} {RecordTable.SqlTypeOf(column.Kind)}"))}
        ) on commit drop;
        create temp table "{table.Text}_verdict" (
          record_key uuid not null,
          submission_no integer not null,
          round integer not null,
          kind text not null,
          person_key bigint not null,
          former_person_key bigint
        ) on commit drop;
        """;

    public string CopyStage =>
        $"""
        copy {Stage} (record_key, submission_no, round, person_key, identifier_key, unit, local_id, row_hash{Names("")})
        from stdin (format binary)
        """;

    /// <summary>The persons were resolved before the newest changes: rows go where their identifiers are now.</summary>
    public string FollowMoves =>
        $"""
        update {Stage} as stage
        set person_key = moved.person_key
        from register.person_move as moved
        where moved.identifier_key = stage.identifier_key and moved.person_key <> stage.person_key
        """;

    /// <summary>Finds the rows that change something; most rows of a resend do not, and end here.</summary>
    public string Classify =>
        $"""
        with verdict as (
          insert into {Verdict} (record_key, submission_no, round, kind, person_key, former_person_key)
          select stage.record_key, stage.submission_no, stage.round,
            case
              when stage.row_hash is null then 'delete'
              when standing.record_key is null then 'insert'
              when standing.person_key <> stage.person_key then 'move'
              else 'update'
            end,
            coalesce(stage.person_key, standing.person_key), standing.person_key
          from {Stage} as stage
          left join {Locator} as standing on standing.record_key = stage.record_key
          where stage.round = @round
            and case
              when stage.row_hash is null then standing.record_key is not null
              else standing.record_key is null
                or standing.person_key <> stage.person_key
                or standing.row_hash <> stage.row_hash
            end
          returning submission_no, kind
        )
        select submission_no, kind, count(*)::integer from verdict group by submission_no, kind
        """;

    /// <summary>Moves the versions that no longer stand to the history.</summary>
    public string End =>
        $"""
        with ended as (
          delete from register.{table} as standing
          using {Verdict} as verdict
          join {Batch} on batch.submission_no = verdict.submission_no
          where verdict.round = @round
            and standing.person_key = verdict.former_person_key
            and standing.record_key = verdict.record_key
          returning batch.since as until, batch.batch_no as until_batch_no,
            case verdict.kind when 'delete' then 'deleted' when 'move' then 'moved' else 'replaced' end as ended_by,
            standing.*
        )
        insert into register.{table.With("_history")} select * from ended
        """;

    public string Write =>
        $"""
        insert into register.{table} (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash,
          submission_id, extracted_on, batch_no, since{Names("")})
        select stage.person_key, stage.identifier_key, stage.record_key, batch.sender, stage.unit, stage.local_id,
          stage.row_hash, batch.submission_id, batch.extracted_on, batch.batch_no, batch.since{Names("stage.")}
        from {Verdict} as verdict
        join {Stage} as stage on stage.record_key = verdict.record_key and stage.round = verdict.round
        join {Batch} on batch.submission_no = verdict.submission_no
        where verdict.round = @round and verdict.kind <> 'delete'
        """;

    public string LocateNew =>
        $"""
        insert into {Locator} (record_key, person_key, row_hash)
        select stage.record_key, stage.person_key, stage.row_hash
        from {Verdict} as verdict
        join {Stage} as stage on stage.record_key = verdict.record_key and stage.round = verdict.round
        where verdict.round = @round and verdict.kind = 'insert'
        """;

    public string LocateChanged =>
        $"""
        update {Locator} as locator
        set person_key = stage.person_key, row_hash = stage.row_hash
        from {Verdict} as verdict
        join {Stage} as stage on stage.record_key = verdict.record_key and stage.round = verdict.round
        where verdict.round = @round and verdict.kind in ('update', 'move')
          and locator.record_key = verdict.record_key
        """;

    public string Forget =>
        $"""
        delete from {Locator} as locator
        using {Verdict} as verdict
        where verdict.round = @round and verdict.kind = 'delete' and locator.record_key = verdict.record_key
        """;

    /// <summary>Tells the feed of all rounds at once.</summary>
    public string Tell =>
        $"""
        insert into register.change (batch_no, record_table, record_key, person_key, former_person_key, kind)
        select batch.batch_no, '{table.Text}', verdict.record_key, verdict.person_key,
          case when verdict.kind = 'move' then verdict.former_person_key end, verdict.kind
        from {Verdict} as verdict
        join {Batch} on batch.submission_no = verdict.submission_no
        """;

    // What all rows of a submission share travels as arrays, once, and not on every row.
    private const string Batch =
        """
        unnest(@submissionNos, @batchNos, @sinces, @submissionIds, @senders, @extractedOns)
            as batch (submission_no, batch_no, since, submission_id, sender, extracted_on)
        """;

    private string Names(string prefix) => string.Concat(_columns.Select(name => $", {prefix}{name}"));
}
