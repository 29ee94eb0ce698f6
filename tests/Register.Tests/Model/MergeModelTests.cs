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
    private const int RunsApart = 12;
    private const int StepsMax = 14;

    private static readonly string[] Names = ["a", "b", "c", "unknown d", "unknown e"];
    private static readonly string[] LocalIds = ["1", "2", "3", "4", "5"];
    private static readonly string[] Senders = ["974760673", "889640782"];
    private static readonly long[] Persons = [PlainVault.PersonOf(1).Value, PlainVault.PersonOf(2).Value, 55, -7];

    [Fact]
    public void Any_series_of_events_leaves_what_the_model_leaves() => Run(isApart: false);

    [Fact]
    public void So_does_any_series_of_records_that_are_held_apart_or_have_items_that_are() => Run(isApart: true);

    private void Run(bool isApart) =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ArrayOf().Where(steps => steps.Length > 2).ToArbitrary(),
                steps => Task.Run(() => RunAsync([.. steps.Take(StepsMax)], isApart)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(isApart ? RunsApart : Runs));

    private async Task RunAsync(int[] steps, bool isApart)
    {
        await using var register = isApart
            ? await TestRegister.StartAsync(postgres, HeldApart.VisitMessage, HeldApart.YearMessage)
            : await TestRegister.StartAsync(postgres);
        var run = new ModelRun(register, isApart);
        foreach (var step in steps) await run.TakeAsync(new Choices(step));
        await run.CompareAsync();
    }

    private sealed class ModelRun(TestRegister register, bool isApart)
    {
        // A place of records that are held apart is merged as if nothing else had been sent.
        private readonly Dictionary<string, ModelRegister> _models = isApart
            ? new()
            {
                ["register"] = new(entry => entry.Note == HeldApart.Secret ? null : entry.Value),
                [$"sensitive_{HeldApart.Rows}"] = new(entry => entry.Note == HeldApart.Secret ? entry.Value : null),
                [$"sensitive_{HeldApart.Items}"] = new(entry => entry.Note is null ? null : Item),
            }
            : new() { ["register"] = new(entry => entry.Value) };

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
                    Follow();
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

        /// <summary>What stands for the value of an item, which has none of its own.</summary>
        private const long Item = 9;

        private ModelRegister Ordinary => _models["register"];

        public async Task CompareAsync()
        {
            await using var connection = await register.Databases.RegisterAsSuperuserAsync();
            foreach (var (schema, model) in _models)
            {
                var (table, history) = ($"{schema}.prove_besok", $"{schema}.prove_besok_history");
                (await VersionsAsync(connection, table, "null::bigint", "null::text"))
                    .ShouldBe(model.Standing.Select(Row).Order(), $"what stands in {schema}");
                (await VersionsAsync(connection, history, "until_batch_no", "ended_by"))
                    .ShouldBe(model.Ended.Select(Row).Order(), $"the history of {schema}");
                await CompareAsOfAsync(connection, schema, model);
                await CompareLocatorAsync(connection, table);
            }

            await CompareFeedAsync();
            foreach (var schema in _models.Keys.Skip(1)) await CompareFeedApartAsync(connection, schema);
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
                [.. submissions.Select(ContentOf)], (_, _) => Task.CompletedTask,
                CancellationToken.None);
            MergeInModel(submissions);
        }

        // The server ends the connection when all is written and nothing committed.
        private async Task CrashAsync(IReadOnlyList<ModelSubmission> submissions)
        {
            FollowAsMergeDoes(submissions);
            await Should.ThrowAsync<NpgsqlException>(() => register.Merge.MergeAsync(
                [.. submissions.Select(ContentOf)],
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
                    Follow();
                    return resolved;
                },
            };
            var merge = new RegisterMerge(register.Databases.Register, interrupted, register.Follow, register.Clock);
            await merge.MergeAsync(
                [.. submissions.Select(ContentOf)], (_, _) => Task.CompletedTask,
                CancellationToken.None);
            MergeInModel(submissions);
        }

        // Read and merged batch by batch; a person may change in the middle, and is then followed afterwards.
        private async Task StreamAsync(ModelSubmission submission, Choices choices)
        {
            var movesBefore = choices.OneIn(3) ? choices.Below(3) : -1;
            var isAccepted = !choices.OneIn(6);
            var appliedNo = (int)Ordinary.PersonChangeNo;
            var outcome = await register.Streamed.MergeAsync(
                Reading(submission, choices, isAccepted, number =>
                {
                    if (number == movesBefore) MovePerson(choices);
                    return Task.CompletedTask;
                }),
                (_, _) => Task.CompletedTask, CancellationToken.None);
            (outcome is not null).ShouldBe(isAccepted);
            if (!isAccepted) return;

            MergeInModels(submission, name =>
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

        private SubmissionReading Reading(
            ModelSubmission submission, Choices choices, bool isAccepted, Func<int, Task> betweenAsync) => new(
            submission.Id, OrganizationNumber.Parse(submission.Sender), submission.ExtractedOn,
            new BatchesReading(
                isApart ? HeldApart.YearMessage : Messages.YearMessage,
                [
                    .. submission.Rows.Chunk(1 + choices.Below(4)).Select(rows => Messages.Batch(rows, []) with
                    {
                        Type = isApart ? HeldApart.Visit : Messages.Visit,
                    }),
                ],
                isAccepted, betweenAsync))
        {
            Year = DataYear.Parse($"{submission.Year}"),
        };

        private void MergeInModel(IReadOnlyList<ModelSubmission> submissions)
        {
            FollowAsMergeDoes(submissions);
            foreach (var submission in submissions)
                MergeInModels(submission, name => register.Vault.Resolve(name).PersonKey.Value);
        }

        private void MergeInModels(ModelSubmission submission, Func<string, long> personOf)
        {
            foreach (var model in _models.Values) model.Merge(submission, personOf);
        }

        private void Follow()
        {
            foreach (var model in _models.Values) model.Follow(_changes);
        }

        private SubmissionContent ContentOf(ModelSubmission submission) =>
            isApart ? HeldApart.Of(submission.Content) : submission.Content;

        // A merge that asks the vault about anyone first applies the changes the vault has made.
        private void FollowAsMergeDoes(IReadOnlyList<ModelSubmission> submissions)
        {
            if (submissions.Any(one => !Ordinary.Merged.Contains(one.Id) && one.NamesSomeone)) Follow();
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

        private static async Task CompareAsOfAsync(NpgsqlConnection connection, string schema, ModelRegister model)
        {
            for (var batchNo = 1L; batchNo <= model.BatchNo; batchNo++)
            {
                var known = await connection.QueryAsync<(Guid, long, long)>(
                    $"""
                    with moment as (select batched_at as at from register.batch where batch_no = @batchNo)
                    select record_key, person_key, {Value} from {schema}.prove_besok, moment where since <= at
                    union all
                    select record_key, person_key, {Value} from {schema}.prove_besok_history, moment
                    where since <= at and until > at
                    order by 1
                    """,
                    new { batchNo });
                var expected = model.AsOf(batchNo).Select(version => (version.Key, version.Person, version.Value));
                known.Order().ShouldBe(expected.Order(), $"{schema} as of batch {batchNo}");
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
                .Order().ShouldBe(Ordinary.Feed.Order(), "the feed");

            Task CollectAsync(NpgsqlTransaction transaction, IReadOnlyList<RegisterChange> changes)
            {
                told.AddRange(changes);
                return Task.CompletedTask;
            }
        }

        private async Task CompareFeedApartAsync(NpgsqlConnection connection, string schema)
        {
            var told = await connection.QueryAsync<(long, Guid, string, long, long?)>(
                $"""
                select batch_no, changed.record_key, kind, changed.person_key, changed.former_person_key
                from {schema}.change,
                  unnest(record_keys, person_keys, former_person_keys)
                    as changed (record_key, person_key, former_person_key)
                """);
            told.Order().ShouldBe(
                _models[schema].Feed.Select(change => (
                    change.BatchNo, change.Key, change.Kind.ToString().ToLowerInvariant(), change.Person,
                    change.Former)).Order(),
                $"the feed of {schema}");
        }

        private static async Task CompareLocatorAsync(NpgsqlConnection connection, string table)
        {
            var located = await connection.QueryAsync<(Guid, long, Guid)>(
                $"select record_key, person_key, row_hash from {table}_locator");
            var standing = await connection.QueryAsync<(Guid, long, Guid)>(
                $"select record_key, person_key, row_hash from {table}");
            located.Order().ShouldBe(standing.Order(), "the locator");
        }

        private static async Task<IEnumerable<(Guid, long, long, long, long?, string?)>> VersionsAsync(
            NpgsqlConnection connection, string table, string until, string endedBy) =>
            (await connection.QueryAsync<(Guid, long, long, long, long?, string?)>(
                $"select record_key, person_key, {Value}, batch_no, {until}, {endedBy} from {table}")).Order();

        private static string Value => $"coalesce(verdi, {Item})";

        private static (Guid, long, long, long, long?, string?) Row(ModelVersion version) => (
            version.Key, version.Person, version.Value, version.Since, version.Until, version.EndedBy);
    }
}
