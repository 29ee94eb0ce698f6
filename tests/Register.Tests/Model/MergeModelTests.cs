using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Kernel;
using Kilde.Register.Feed;
using Kilde.Register.Merging;
using Kilde.Register.Persons;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Register.Tests.Model;

/// <summary>
/// The merge against the model: after any series of submissions, resends, deletions, person changes and crashes, what
/// stands, the history, what was known after each batch, and the feed from its beginning are as the model has them.
/// </summary>
public class MergeModelTests(PostgresServer postgres)
{
    private const int Runs = 25;
    private const int StepsMax = 14;

    private static readonly string[] Names = ["a", "b", "c", "unknown d", "unknown e"];
    private static readonly string[] LocalIds = ["1", "2", "3", "4", "5"];
    private static readonly string[] Senders = ["974760673", "889640782"];
    private static readonly long[] Persons = [1000, 2000, 55, -7];

    [Fact]
    public void Any_series_of_events_leaves_what_the_model_leaves() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ArrayOf().Where(steps => steps.Length > 2).ToArbitrary(),
                steps => Task.Run(() => RunAsync([.. steps.Take(StepsMax)])).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private async Task RunAsync(int[] steps)
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var run = new ModelRun(register);
        foreach (var step in steps) await run.TakeAsync(new Choices(step));
        await run.CompareAsync();
    }

    private sealed class ModelRun(TestRegister register)
    {
        private readonly ModelRegister _model = new();
        private readonly List<ModelSubmission> _sent = [];
        private readonly List<(string Name, long From, long To)> _changes = [];

        public async Task TakeAsync(Choices choices)
        {
            register.Clock.Advance(TimeSpan.FromSeconds(choices.Below(5) - 1));
            switch (choices.Below(13))
            {
                case 0 or 1:
                    MovePerson(choices);
                    break;
                case 2:
                    await register.Follow.FollowAsync(CancellationToken.None);
                    _model.Follow(_changes);
                    break;
                case 3:
                    await CrashAsync(Several(choices));
                    break;
                case 4:
                    await MergeAcrossChangeAsync(Several(choices), choices);
                    break;
                case 5 or 6:
                    await StreamAsync(Year(choices) with { IsWhole = true }, choices);
                    break;
                case 7:
                    await CrashStreamAsync(Year(choices) with { IsWhole = true }, choices);
                    break;
                default:
                    await MergeAsync(Several(choices));
                    break;
            }
        }

        public async Task CompareAsync()
        {
            await using var connection = await register.Source.OpenConnectionAsync();
            var standing = await VersionsAsync(connection, "prove_besok", "null::bigint", "null::text");
            standing.ShouldBe(_model.Standing.Select(Row).Order(), "what stands");
            var history = await VersionsAsync(connection, "prove_besok_history", "until_batch_no", "ended_by");
            history.ShouldBe(_model.Ended.Select(Row).Order(), "the history");
            await CompareAsOfAsync(connection);
            await CompareFeedAsync();
            await CompareLocatorAsync(connection);
        }

        private void MovePerson(Choices choices)
        {
            var (name, to) = (choices.Of(Names), choices.Of(Persons));
            var from = register.Vault.Resolve(name).PersonKey.Value;
            if (from == to) return;
            register.Vault.Move(name, to);
            _changes.Add((name, from, to));
        }

        private async Task MergeAsync(IReadOnlyList<ModelSubmission> submissions)
        {
            await register.Merge.MergeAsync(
                [.. submissions.Select(submission => submission.Content)], (_, _) => Task.CompletedTask,
                CancellationToken.None);
            MergeInModel(submissions);
        }

        // The server ends the connection when all is written and nothing committed.
        private async Task CrashAsync(IReadOnlyList<ModelSubmission> submissions)
        {
            FollowAsMergeDoes(submissions);
            await Should.ThrowAsync<NpgsqlException>(() => register.Merge.MergeAsync(
                [.. submissions.Select(submission => submission.Content)],
                (transaction, _) => transaction.Connection!.ExecuteAsync(
                    "select pg_terminate_backend(pg_backend_pid())", transaction: transaction),
                CancellationToken.None));
        }

        // A person changes, and the register follows, between the merge's resolving and its writing.
        private async Task MergeAcrossChangeAsync(IReadOnlyList<ModelSubmission> submissions, Choices choices)
        {
            var isFirst = true;
            var vault = register.Vault.View;
            var interrupted = vault with
            {
                ResolveAsync = async (claims, ground, cancellation) =>
                {
                    var resolved = await vault.ResolveAsync(claims, ground, cancellation);
                    if (!isFirst) return resolved;
                    isFirst = false;
                    MovePerson(choices);
                    await register.Follow.FollowAsync(cancellation);
                    _model.Follow(_changes);
                    return resolved;
                },
            };
            var merge = new RegisterMerge(register.Databases.Register, interrupted, register.Follow, register.Clock);
            await merge.MergeAsync(
                [.. submissions.Select(submission => submission.Content)], (_, _) => Task.CompletedTask,
                CancellationToken.None);
            MergeInModel(submissions);
        }

        // Read and merged batch by batch; a person may change in the middle, and is then followed afterwards.
        private async Task StreamAsync(ModelSubmission submission, Choices choices)
        {
            var movesBefore = choices.OneIn(3) ? choices.Below(3) : -1;
            var isAccepted = !choices.OneIn(6);
            var appliedNo = (int)_model.PersonChangeNo;
            var outcome = await register.Streamed.MergeAsync(
                Reading(submission, choices, isAccepted, number =>
                {
                    if (number == movesBefore) MovePerson(choices);
                    return Task.CompletedTask;
                }),
                (_, _) => Task.CompletedTask, CancellationToken.None);
            (outcome is not null).ShouldBe(isAccepted);
            if (!isAccepted) return;

            _model.Merge(submission, name =>
                _changes.Skip(appliedNo).FirstOrDefault(change => change.Name == name) is { Name: not null } change
                    ? change.From
                    : register.Vault.Resolve(name).PersonKey.Value);
            if (choices.OneIn(2)) _sent.Add(submission);
        }

        // The database's process is ended in the middle of the file, or when all is written.
        private async Task CrashStreamAsync(ModelSubmission submission, Choices choices)
        {
            var dies = choices.Below(3);
            await Should.ThrowAsync<NpgsqlException>(() => register.Streamed.MergeAsync(
                Reading(submission, choices, isAccepted: true, number => number == dies
                    ? EndWritersAsync()
                    : Task.CompletedTask),
                (transaction, _) => transaction.Connection!.ExecuteAsync(
                    "select pg_terminate_backend(pg_backend_pid())", transaction: transaction),
                CancellationToken.None));
        }

        private async Task EndWritersAsync()
        {
            await using var connection = await register.Source.OpenConnectionAsync();
            await connection.ExecuteAsync(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()
                """);
        }

        private static SubmissionReading Reading(
            ModelSubmission submission, Choices choices, bool isAccepted, Func<int, Task> betweenAsync) => new(
            submission.Id, OrganizationNumber.Parse(submission.Sender), submission.ExtractedOn,
            new BatchesReading(
                Messages.YearMessage,
                [.. submission.Rows.Chunk(1 + choices.Below(4)).Select(rows => Messages.Batch(rows, []))],
                isAccepted, betweenAsync))
        {
            Year = DataYear.Parse($"{submission.Year}"),
        };

        private void MergeInModel(IReadOnlyList<ModelSubmission> submissions)
        {
            FollowAsMergeDoes(submissions);
            foreach (var submission in submissions)
                _model.Merge(submission, name => register.Vault.Resolve(name).PersonKey.Value);
        }

        // A merge that asks the vault about anyone first applies the changes the vault has made.
        private void FollowAsMergeDoes(IReadOnlyList<ModelSubmission> submissions)
        {
            if (submissions.Any(one => !_model.Merged.Contains(one.Id) && one.NamesSomeone))
                _model.Follow(_changes);
        }

        private List<ModelSubmission> Several(Choices choices)
        {
            var submissions = new List<ModelSubmission>();
            for (var i = choices.Below(3); i >= 0; i--)
            {
                var earlier = _sent.Except(submissions).ToArray();
                submissions.Add(earlier.Length > 0 && choices.OneIn(4) ? choices.Of(earlier) : One(choices));
                if (!_sent.Contains(submissions[^1])) _sent.Add(submissions[^1]);
            }

            return submissions;
        }

        private static ModelSubmission One(Choices choices) => choices.OneIn(2)
            ? Year(choices) with { Deleted = [.. LocalIds.Where(_ => choices.OneIn(5))] }
            : Daily(choices);

        private static ModelSubmission Year(Choices choices) => Daily(choices) with
        {
            Deleted = [],
            Year = 2025 + choices.Below(2),
            IsWhole = choices.OneIn(2),
            ExtractedOn = new DateOnly(2026, 3, 1 + choices.Below(4)),
        };

        private static ModelSubmission Daily(Choices choices)
        {
            var entries = LocalIds.Where(_ => choices.OneIn(2)).Select(id => new ModelEntry(
                id, choices.OneIn(6) ? null : choices.Of(Names), choices.Below(3))).ToArray();
            return new(Guid.CreateVersion7(), choices.Of(Senders), entries, [.. LocalIds.Where(_ => choices.OneIn(5))]);
        }

        private async Task CompareAsOfAsync(NpgsqlConnection connection)
        {
            for (var batchNo = 1L; batchNo <= _model.BatchNo; batchNo++)
            {
                var known = await connection.QueryAsync<(Guid, long, long)>(
                    """
                    with moment as (select batched_at as at from register.batch where batch_no = @batchNo)
                    select record_key, person_key, verdi from register.prove_besok, moment where since <= at
                    union all
                    select record_key, person_key, verdi from register.prove_besok_history, moment
                    where since <= at and until > at
                    order by 1
                    """,
                    new { batchNo });
                var expected = _model.AsOf(batchNo).Select(version => (version.Key, version.Person, version.Value));
                known.Order().ShouldBe(expected.Order(), $"as of batch {batchNo}");
            }
        }

        private async Task CompareFeedAsync()
        {
            var feed = new ChangeFeed(register.Databases.Register, register.Clock);
            await feed.AddConsumerAsync("model", 0, CancellationToken.None);
            var told = new List<RegisterChange>();
            while (await feed.ConsumeAsync("model", 3, CollectAsync, CancellationToken.None))
                told.Count.ShouldBeLessThan(1_000);

            told.Select(change => change.BatchNo).ShouldBe(told.Select(change => change.BatchNo).Order(), "feed order");
            told.Select(change => (
                    change.BatchNo, change.RecordKey, change.Kind, change.Person.Value, change.FormerPerson?.Value))
                .Order().ShouldBe(_model.Feed.Order(), "the feed");

            Task CollectAsync(NpgsqlTransaction transaction, IReadOnlyList<RegisterChange> changes)
            {
                told.AddRange(changes);
                return Task.CompletedTask;
            }
        }

        private static async Task CompareLocatorAsync(NpgsqlConnection connection)
        {
            var located = await connection.QueryAsync<(Guid, long, Guid)>(
                "select record_key, person_key, row_hash from register.prove_besok_locator");
            var standing = await connection.QueryAsync<(Guid, long, Guid)>(
                "select record_key, person_key, row_hash from register.prove_besok");
            located.Order().ShouldBe(standing.Order(), "the locator");
        }

        private static async Task<IEnumerable<(Guid, long, long, long, long?, string?)>> VersionsAsync(
            NpgsqlConnection connection, string table, string until, string endedBy) =>
            (await connection.QueryAsync<(Guid, long, long, long, long?, string?)>(
                $"select record_key, person_key, verdi, batch_no, {until}, {endedBy} from register.{table}")).Order();

        private static (Guid, long, long, long, long?, string?) Row(ModelVersion version) => (
            version.Key, version.Person, version.Value, version.Since, version.Until, version.EndedBy);
    }
}
