using Npgsql;

namespace Kilde.Intake.Judging;

/// <summary>The parts of a queue's newest whole message that were judged without remarks (ADR 85).</summary>
/// <param name="ExtractedOn">Of that message, as <paramref name="To"/>, the last day of its period.</param>
/// <param name="TallyForm">What was counted, and how: counts of another form cannot be added to.</param>
/// <param name="Counted">What was counted, each once.</param>
/// <param name="Content">Part by part, as <see cref="JudgedParts"/> writes it.</param>
internal sealed record PartsMemory(
    DateOnly ExtractedOn, DateOnly To, string TallyForm, string[] Institutions, string[] Counted,
    ReadOnlyMemory<byte> Content)
{
    /// <summary>Null when nothing is known of the queue.</summary>
    public static async Task<PartsMemory?> FindAsync(
        Guid lane, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select extracted_on, to_on, tally_form, institutions, counted, content
            from intake.judged_part
            where lane_id = $1
            """,
            connection)
        { Parameters = { new NpgsqlParameter<Guid> { TypedValue = lane } } };
        await using var row = await select.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        return new PartsMemory(
            row.GetFieldValue<DateOnly>(0), row.GetFieldValue<DateOnly>(1), row.GetString(2),
            row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4), row.GetFieldValue<byte[]>(5));
    }

    /// <summary>Stands in place of what was known of the queue.</summary>
    public async Task WriteAsync(
        Guid lane, Guid submission, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into intake.judged_part (
              lane_id, submission_id, extracted_on, to_on, tally_form, institutions, counted, content)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (lane_id) do update
            set submission_id = excluded.submission_id, extracted_on = excluded.extracted_on,
              to_on = excluded.to_on, tally_form = excluded.tally_form, institutions = excluded.institutions,
              counted = excluded.counted, content = excluded.content
            """,
            transaction.Connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = lane },
                new NpgsqlParameter<Guid> { TypedValue = submission },
                new NpgsqlParameter<DateOnly> { TypedValue = ExtractedOn },
                new NpgsqlParameter<DateOnly> { TypedValue = To },
                new NpgsqlParameter<string> { TypedValue = TallyForm },
                new NpgsqlParameter<string[]> { TypedValue = Institutions },
                new NpgsqlParameter<string[]> { TypedValue = Counted },
                new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = Content },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellation);
    }
}
