using FsCheck;
using FsCheck.Fluent;
using Kilde.Kernel;
using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class LinkPersonsTests(PostgresServer postgres)
{
    private const int RunsMax = 6;
    private const int StepsMax = 40;
    private const int PersonsMax = 6;

    [Fact]
    public async Task A_merge_moves_every_identifier_and_a_split_takes_them_out_again_with_history()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var temporary = await vault.ResolveAsync(Claim(DNumber(1)));
        var national = await vault.ResolveAsync(Claim(National(1)));
        await vault.ResolveAsync(Claim(National(1), DNumber(1)));

        (await vault.Links.MergeAsync(
            temporary.PersonKey, national.PersonKey, StaffCase, "Fått fødselsnummer", Cancellation)).ShouldBe(1);

        (await vault.ResolveAsync(Claim(DNumber(1)))).PersonKey.ShouldBe(national.PersonKey);
        (await vault.Candidates.ListAsync(Cancellation)).ShouldBeEmpty();

        var apart = await vault.Links.SplitAsync(
            [temporary.IdentifierKey], StaffCase, "Feil person", Cancellation);

        (await vault.ResolveAsync(Claim(DNumber(1)))).PersonKey.ShouldBe(apart);
        (await vault.ResolveAsync(Claim(National(1)))).PersonKey.ShouldBe(national.PersonKey);
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBe(
        [
            new PersonChange(1, temporary.IdentifierKey, temporary.PersonKey, national.PersonKey),
            new PersonChange(2, temporary.IdentifierKey, national.PersonKey, apart),
        ]);
        (await vault.LogAsync("identity.merge")).Select(row => row.CaseReference).ShouldBe(["26/17", "26/17"]);
        (await vault.ScalarAsync<string>(
            "select string_agg(reason, ', ' order by change_no) from identity.person_change"))
            .ShouldBe("Fått fødselsnummer, Feil person");
    }

    [Fact]
    public async Task A_merge_or_split_without_case_reason_or_sense_is_refused()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var one = await vault.ResolveAsync(Claim(National(1)));
        var other = await vault.ResolveAsync(Claim(National(2)));
        var unknown = await vault.ResolveAsync(Local("A-1"));

        await RefusedAsync(one.PersonKey, other.PersonKey, StaffCase with { CaseReference = null }, "x");
        await RefusedAsync(one.PersonKey, other.PersonKey, StaffCase, " ");
        await RefusedAsync(one.PersonKey, one.PersonKey, StaffCase, "x");
        await RefusedAsync(unknown.PersonKey, one.PersonKey, StaffCase, "x");
        await RefusedAsync(one.PersonKey, new PersonKey(4711), StaffCase, "x");
        await Should.ThrowAsync<ArgumentException>(() =>
            vault.Links.SplitAsync([one.IdentifierKey], StaffCase, "x", Cancellation));
        await Should.ThrowAsync<ArgumentException>(() =>
            vault.Links.SplitAsync([one.IdentifierKey, other.IdentifierKey], StaffCase, "x", Cancellation));
        (await vault.Vault.ReadChangesAsync(0, 10, Cancellation)).ShouldBeEmpty();

        Task RefusedAsync(PersonKey from, PersonKey into, Audit.AccessGround ground, string reason) =>
            Should.ThrowAsync<ArgumentException>(() =>
                vault.Links.MergeAsync(from, into, ground, reason, Cancellation));
    }

    [Fact]
    public async Task Another_nodes_cache_follows_a_merge_at_once()
    {
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var node = vault.Restarted();
        var one = (await node.ResolveAsync([Claim(National(1))], Reporting, Cancellation))[0];
        var other = (await node.ResolveAsync([Claim(National(2))], Reporting, Cancellation))[0];

        await vault.Links.MergeAsync(one.PersonKey, other.PersonKey, StaffCase, "Samme person", Cancellation);

        var after = (await node.ResolveAsync([Claim(National(1))], Reporting, Cancellation))[0];
        (after.PersonKey, after.ChangeNo).ShouldBe((other.PersonKey, 1));
    }

    [Fact]
    public async Task Whatever_is_resolved_merged_and_split_agrees_with_a_simple_model()
    {
        for (var run = 0; run < RunsMax; run++)
        {
            await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
            var model = new Model();
            var firstSeen = new Dictionary<string, ResolvedPerson>();
            foreach (var step in Steps.Sample(StepsMax))
            {
                await DoAsync(step, vault, model);
                await ShouldAgreeAsync(vault, model, firstSeen);
            }

            await ShouldFollowFromTheFeedAsync(vault, model, firstSeen);
            (await vault.VerifyLogAsync()).Findings.ShouldBeEmpty();
        }
    }

    private sealed record Step(int Act, int[] Claim, int One, int Other);

    private static Gen<Step> Steps =>
        from act in Gen.Choose(0, 9)
        from claim in Gen.SubListOf(Enumerable.Range(0, 3 * PersonsMax))
        from one in Gen.Choose(0, 1000)
        from other in Gen.Choose(0, 1000)
        select new Step(act, [.. claim.Take(3)], one, other);

    // Names: 0–5 fødselsnummer, 6–11 D-numbers, 12–17 local numbers. A claim holds at most one local number.
    private static bool IsLocal(int name) => name >= 2 * PersonsMax;

    private static PersonIdentifier Number(int name) =>
        name < PersonsMax ? National(name) : DNumber(name - PersonsMax);

    private static IdentifierClaim ClaimOf(params int[] names)
    {
        var numbers = names.Where(name => !IsLocal(name)).Select(Number).ToArray();
        var local = names.Where(IsLocal).Select(name => $"L-{name}").FirstOrDefault();
        return new IdentifierClaim(
            new RowPerson(numbers.Length > 0 ? numbers[0] : default, numbers.Length > 1 ? numbers[1..] : null, local),
            Sender);
    }

    private static async Task DoAsync(Step step, VaultFixture vault, Model model)
    {
        var persons = model.KnownPersons();
        if (step.Act < 6 || persons.Length < 2)
        {
            int[] names = [.. step.Claim.Where(name => !IsLocal(name)), .. step.Claim.Where(IsLocal).Take(1)];
            if (names.Length == 0) return;
            await vault.ResolveAsync(ClaimOf(names));
            model.Resolve(names);
            return;
        }

        var (one, other) = (persons[step.One % persons.Length], persons[step.Other % persons.Length]);
        var oneKey = (await vault.ResolveAsync(ClaimOf(model.NamesOf(one)[0]))).PersonKey;
        if (step.Act < 8 && one != other)
        {
            var otherKey = (await vault.ResolveAsync(ClaimOf(model.NamesOf(other)[0]))).PersonKey;
            await vault.Links.MergeAsync(oneKey, otherKey, StaffCase, "test", Cancellation);
            model.Merge(one, other);
        }
        else if (model.NamesOf(one) is { Length: > 1 } names)
        {
            var leaving = await vault.ResolveAsync(ClaimOf(names[^1]));
            await vault.Links.SplitAsync([leaving.IdentifierKey], StaffCase, "test", Cancellation);
            model.Split(names[^1]);
        }
    }

    private static async Task ShouldAgreeAsync(
        VaultFixture vault, Model model, Dictionary<string, ResolvedPerson> firstSeen)
    {
        var names = model.Seen();
        var persons = await vault.Vault.ResolveAsync([.. names.Select(name => ClaimOf(name))], Reporting, Cancellation);
        var pairs = names.Zip(persons, (name, person) => (Person: model.PersonOf(name), person.PersonKey)).Distinct();
        var expected = names.Select(model.PersonOf).Distinct().Count();
        pairs.Count().ShouldBe(expected);
        persons.Select(person => person.PersonKey).Distinct().Count().ShouldBe(expected);
        foreach (var (name, person) in names.Zip(persons))
        {
            person.PersonKey.IsUnknownPerson.ShouldBe(model.IsUnknown(model.PersonOf(name)));
            firstSeen.TryAdd($"{name}", person);
        }
    }

    private static async Task ShouldFollowFromTheFeedAsync(
        VaultFixture vault, Model model, Dictionary<string, ResolvedPerson> firstSeen)
    {
        var changes = new List<PersonChange>();
        while (await vault.Vault.ReadChangesAsync(changes.Count, 3, Cancellation) is { Count: > 0 } page)
            changes.AddRange(page);
        changes.Select(change => change.ChangeNo).ShouldBe(Enumerable.Range(1, changes.Count).Select(i => (long)i));

        foreach (var name in model.Seen())
        {
            var seen = firstSeen[$"{name}"];
            var person = seen.PersonKey;
            foreach (var change in changes.Where(change =>
                change.ChangeNo > seen.ChangeNo && change.Identifier == seen.IdentifierKey))
            {
                change.From.ShouldBe(person);
                person = change.To;
            }

            person.ShouldBe((await vault.ResolveAsync(ClaimOf(name))).PersonKey);
        }
    }

    /// <summary>Who is who, said as simply as can be.</summary>
    private sealed class Model
    {
        private readonly Dictionary<int, int> _personOf = [];
        private readonly HashSet<int> _unknown = [];
        private int _persons;

        public int[] Seen() => [.. _personOf.Keys.Order()];

        public int PersonOf(int name) => _personOf[name];

        public bool IsUnknown(int person) => _unknown.Contains(person);

        public int[] NamesOf(int person) => [.. Seen().Where(name => _personOf[name] == person)];

        public int[] KnownPersons() => [.. _personOf.Values.Distinct().Where(person => !IsUnknown(person)).Order()];

        public void Resolve(int[] names)
        {
            var numbers = names.Where(name => !IsLocal(name)).ToArray();
            var local = names.Where(IsLocal).Cast<int?>().FirstOrDefault();
            var known = numbers.Where(_personOf.ContainsKey).Select(name => _personOf[name]).ToArray();
            int person;
            if (known.Length > 0) person = known[0];
            else if (numbers.Length > 0) person = ++_persons;
            else if (_personOf.TryGetValue(local!.Value, out var its)) person = its;
            else _unknown.Add(person = ++_persons);

            foreach (var number in numbers) _personOf.TryAdd(number, person);
            if (local is { } name && (!_personOf.TryGetValue(name, out var stands) || IsUnknown(stands)))
                _personOf[name] = person;
        }

        public void Merge(int from, int into)
        {
            foreach (var name in NamesOf(from)) _personOf[name] = into;
        }

        public void Split(int name) => _personOf[name] = ++_persons;
    }
}
