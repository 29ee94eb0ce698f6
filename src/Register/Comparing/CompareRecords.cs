using System.Numerics;
using Kilde.Audit;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Comparing;

/// <summary>
/// Lets a sender find out whether the register has what it has, by digests of its records: sums of parts, parts of
/// parts, and at last the few records that may differ (ADR 105). What is asked for is summed up by one index; no record
/// is read but those whose local id is told.
/// </summary>
public sealed class CompareRecords(RegisterDatabase database, AuditLog audit)
{
    /// <summary>Records listed at once. When there are more, one more is listed.</summary>
    public const int ListedMax = 1 << 18;

    /// <summary>How long a question waits for digests of a year to be made; the next one goes on.</summary>
    internal TimeSpan MakingMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A side that answers for one sender.</summary>
    public IRecordSide SideOf(ComparedRecords compared) => new Side(this, database, audit, compared);

    /// <summary>The sender's own key for digests.</summary>
    public async Task<byte[]> ReadKeyAsync(string sender, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("select digest_key from register.batch_counter");
        return RecordDigests.KeyOf((byte[])(await command.ExecuteScalarAsync(cancellation))!, sender);
    }

    /// <summary>An id digest as stored: with the highest bit turned, signed numbers sort as digests.</summary>
    internal static long Stored(ulong id) => unchecked((long)(id ^ HighestBit));

    private static ulong Told(long stored) => unchecked((ulong)stored) ^ HighestBit;

    private const ulong HighestBit = 1UL << 63;

    private sealed class Side(
        CompareRecords compare, RegisterDatabase database, AuditLog audit, ComparedRecords compared) : IRecordSide
    {
        private readonly RecordPlace[] _places =
        [
            .. RecordPlace.AllOf(
                SqlName.Parse(compared.Type.Table), compared.Type.Sensitive.Select(part => part.Class.Id)),
        ];

        public async Task<IReadOnlyDictionary<DigestPlace, DigestSum>> SumPlacesAsync(
            RecordMonth from, RecordMonth to, CancellationToken cancellation)
        {
            if (compared.YearsOf is not null)
            {
                var key = await compare.ReadKeyAsync(compared.Sender, cancellation);
                if (!await new YearDigests(database, compared, new RecordDigests(key))
                    .MakeAsync(from, to, compare.MakingMax, cancellation)) throw new DigestsBeingMadeException();
                from = from.Year;
            }

            await using var question = await AskAsync(cancellation);
            await using var command = question.CommandOf(
                $"""
                select unit, month::integer, count(*)::integer, sum(content_digest)
                from {Located}
                where sender = @sender and month between @from and @to
                group by unit, month
                """);
            command.Parameters.AddWithValue("sender", compared.Sender);
            command.Parameters.AddWithValue("from", (long)from.Number);
            command.Parameters.AddWithValue("to", (long)to.Number);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var sums = new Dictionary<DigestPlace, DigestSum>();
            while (await reader.ReadAsync(cancellation))
                sums.Add(new(reader.GetString(0), new(reader.GetInt32(1))), SumIn(reader, 2));
            return sums;
        }

        public async Task<IReadOnlyList<DigestSum[]>> SumChildrenAsync(
            IReadOnlyList<DigestNode> nodes, int split, CancellationToken cancellation)
        {
            await using var question = await AskAsync(cancellation);
            await using var command = CommandOf(question, nodes,
                $"""
                select no::integer, (((id_digest # @highest) >> shift) & @mask)::integer, count(*)::integer,
                  sum(content_digest)
                {FromNodes}
                group by 1, 2
                """);
            command.Parameters.AddWithValue("shifts", nodes.Select(node => 64 - node.Bits - split).ToArray());
            command.Parameters.AddWithValue("highest", long.MinValue);
            command.Parameters.AddWithValue("mask", (1L << split) - 1);
            DigestSum[][] sums = [.. nodes.Select(_ => new DigestSum[1 << split])];
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                sums[reader.GetInt32(0) - 1][reader.GetInt32(1)] = SumIn(reader, 2);
            return sums;
        }

        public async Task<IReadOnlyList<IReadOnlyList<RecordDigest>>> ListAsync(
            IReadOnlyList<DigestNode> nodes, CancellationToken cancellation)
        {
            await using var question = await AskAsync(cancellation);
            await using var command = CommandOf(
                question, nodes, $"select no::integer, id_digest, content_digest {FromNodes} limit {ListedMax + 1}");
            command.Parameters.AddWithValue("shifts", new int[nodes.Count]);
            List<RecordDigest>[] records = [.. nodes.Select(_ => new List<RecordDigest>())];
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                records[reader.GetInt32(0) - 1].Add(
                    new(Told(reader.GetInt64(1)), unchecked((ulong)reader.GetInt64(2))));
            }

            return records;
        }

        public async Task<IReadOnlyList<string?>> NameAsync(
            IReadOnlyList<(DigestPlace Place, ulong Id)> records, CancellationToken cancellation)
        {
            await using var question = await AskAsync(cancellation);
            var names = await ReadNamesAsync(records, question, cancellation);
            await question.Transaction.BecomePlatformAsync(cancellation);
            await audit.AppendAsync(
                question.Transaction,
                [
                    new AuditEntry(
                        compared.Ground, "register.compare_records", $"{compared.Type.Table} {compared.Sender}",
                        names.Count(name => name is not null)),
                ],
                cancellation);
            await question.Transaction.CommitAsync(cancellation);
            return names;
        }

        private async Task<string?[]> ReadNamesAsync(
            IReadOnlyList<(DigestPlace Place, ulong Id)> records, Question question, CancellationToken cancellation)
        {
            var named = _places.Select(place =>
                $"""
                select no::integer, {(compared.Type.IsKeyedByPerson ? "''" : "record.local_id")}
                from unnest(@units, @months, @ids) with ordinality as asked (unit, month, id, no)
                join {place.Locator} as located
                  on located.sender = @sender and located.unit = asked.unit and located.month = asked.month
                  and located.id_digest = asked.id
                join {place.Table} as record
                  on record.person_key = located.person_key and record.record_key = located.record_key
                """);
            await using var command = question.CommandOf(string.Join("\nunion all\n", named));
            command.Parameters.AddWithValue("sender", compared.Sender);
            command.Parameters.AddWithValue("units", records.Select(record => record.Place.Unit).ToArray());
            command.Parameters.AddWithValue(
                "months", records.Select(record => (long)record.Place.Month.Number).ToArray());
            command.Parameters.AddWithValue("ids", records.Select(record => Stored(record.Id)).ToArray());
            var names = new string?[records.Count];
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) names[reader.GetInt32(0) - 1] = reader.GetString(1);
            return names;
        }

        // The sender compares all it has sent, what is held apart too.
        private async Task<Question> AskAsync(CancellationToken cancellation)
        {
            var connection = await database.Source.OpenConnectionAsync(cancellation);
            var transaction = await connection.BeginTransactionAsync(cancellation);
            if (_places.Length > 1) await transaction.BecomeKeeperAsync(cancellation);
            return new Question(transaction);
        }

        private NpgsqlCommand CommandOf(Question question, IReadOnlyList<DigestNode> nodes, string sql)
        {
            var command = question.CommandOf(sql);
            command.Parameters.AddWithValue("sender", compared.Sender);
            command.Parameters.AddWithValue("units", nodes.Select(node => node.Place.Unit).ToArray());
            command.Parameters.AddWithValue(
                "months", nodes.Select(node => (long)node.Place.Month.Number).ToArray());
            command.Parameters.AddWithValue("lows", nodes.Select(node => Stored(node.Low)).ToArray());
            command.Parameters.AddWithValue("highs", nodes.Select(node => Stored(node.High)).ToArray());
            return command;
        }

        private string Located => _places is [var only]
            ? $"{only.Locator} as located"
            : $"({string.Join(" union all ", _places.Select(place =>
                $"select sender, unit, month, id_digest, content_digest from {place.Locator}"))}) as located";

        // One look into the index for each part; the planner cannot know how small the parts are.
        private string FromNodes =>
            $"""
            from unnest(@units, @months, @lows, @highs, @shifts) with ordinality
              as node (unit, month, low, high, shift, no)
            cross join lateral (
              select id_digest, content_digest from {Located}
              where located.sender = @sender and located.unit = node.unit and located.month = node.month
                and located.id_digest between node.low and node.high
              offset 0
            ) as located
            """;

        private static DigestSum SumIn(NpgsqlDataReader reader, int column) => new(
            reader.GetInt32(column), (ulong)(reader.GetFieldValue<BigInteger>(column + 1) & ulong.MaxValue));
    }

    /// <summary>One question, and the transaction it is asked in.</summary>
    private sealed class Question(NpgsqlTransaction transaction) : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection = transaction.Connection!;

        public NpgsqlTransaction Transaction => transaction;

        public NpgsqlCommand CommandOf(string sql) => new(sql, _connection, transaction);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
