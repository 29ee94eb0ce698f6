using Dapper;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class PersonsApartTests(PostgresServer postgres)
{
    private const string Institution = "974760673";
    private static readonly PersonIdentifier Kari = PersonIdentifier.Parse("15851900079");
    private static readonly PersonIdentifier Ola = PersonIdentifier.Parse("15851900230");
    private static readonly DateOnly January = new(2026, 1, 9);
    private static readonly DateOnly May = new(2026, 5, 9);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activity_waits_for_its_person_and_gets_it_when_the_identity_comes()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await ActivityAsync(register, January, ("P1", "E1"), ("P1", "E2"), ("P2", "E3"));
        var waiting = await PersonsAsync(register);

        await IdentityAsync(register, January, ("P1", Kari));

        waiting.Values.ShouldAllBe(person => person < 0);
        var known = await PersonsAsync(register);
        known["E1"].ShouldBe(await KeyOfAsync(register, Kari));
        known["E2"].ShouldBe(known["E1"]);
        known["E3"].ShouldBe(waiting["E3"]);
        (await EndedAsync(register)).ShouldBe([("E1", "moved"), ("E2", "moved")]);
    }

    [Fact]
    public async Task Identity_that_comes_first_is_there_when_the_activity_comes()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await IdentityAsync(register, January, ("P1", Kari));

        await ActivityAsync(register, January, ("P1", "E1"));

        (await PersonsAsync(register))["E1"].ShouldBe(await KeyOfAsync(register, Kari));
        (await EndedAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_identity_message_corrects_an_earlier_and_an_older_one_does_not()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await ActivityAsync(register, January, ("P1", "E1"));
        await IdentityAsync(register, January, ("P1", Kari));

        await IdentityAsync(register, May, ("P1", Ola));
        var late = await IdentityAsync(register, January, ("P1", Kari), ("P2", Kari));

        (await PersonsAsync(register))["E1"].ShouldBe(await KeyOfAsync(register, Ola));
        late.IsOvertaken.ShouldBeTrue();
        (await ToldAsync(register)).ShouldBe([(1, 1, 0, 0, 0), (1, 0, 1, 0, 0), (2, 1, 0, 1, 0)]);
        (await EndedAsync(register)).ShouldBe([("E1", "moved"), ("E1", "moved")]);
    }

    [Fact]
    public async Task A_patient_number_is_the_institutions_own()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await IdentityAsync(register, January, ("P1", Kari));

        await StreamAsync(register, January, Hospital.Stays("9747606731", ("P1", "E1")));

        (await PersonsAsync(register))["E1"].ShouldBeNegative();
    }

    [Fact]
    public async Task An_identity_without_a_number_tells_nothing_and_takes_nothing_away()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await ActivityAsync(register, January, ("P1", "E1"));
        await IdentityAsync(register, January, ("P1", Kari));

        await IdentityAsync(register, May, ("P1", null));

        (await PersonsAsync(register))["E1"].ShouldBe(await KeyOfAsync(register, Kari));
        (await ToldAsync(register)).ShouldBe([(1, 1, 0, 0, 0), (1, 0, 0, 0, 1)]);
    }

    [Fact]
    public async Task Activity_resent_after_its_person_became_known_is_unchanged()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await ActivityAsync(register, January, ("P1", "E1"));
        await IdentityAsync(register, January, ("P1", Kari));

        var outcome = await ActivityAsync(register, May, ("P1", "E1"));

        outcome.Unchanged.ShouldBe(1);
    }

    [Fact]
    public async Task The_half_that_is_missing_is_found()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        var halves = new FindMissingHalves(
            register.Databases.Register, () => [Hospital.Activity, Hospital.Identity]);
        await ActivityAsync(register, January, ("P1", "E1"));
        await StreamAsync(register, May, Hospital.Stays("9747606731", ("P1", "E1")));
        await IdentityAsync(register, January, ("P1", Kari));

        var missing = await halves.FindAsync(DataYear.Parse("2026"), Cancellation);

        var half = missing.ShouldHaveSingleItem();
        half.Sender.ShouldBe("9747606731");
        half.IsIdentityMissing.ShouldBeTrue();
        half.Sent.ShouldBe(["Prove_Ord"]);
        half.ExtractedOn.ShouldBe(May);
        (await halves.FindAsync(DataYear.Parse("2025"), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Activity_without_a_person_is_counted_and_listed_by_unit()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        var unknown = new CountUnknownPersons(register.Databases.Register, () => [Hospital.Activity]);
        await ActivityAsync(register, January, ("P1", "E1"), ("P1", "E2"), ("P2", "E3"));
        await IdentityAsync(register, January, ("P1", Kari));

        var count = (await unknown.CountAsync(Cancellation)).ShouldHaveSingleItem();
        var records = await unknown.ListAsync("prove_opphold", Institution, 10, Cancellation);

        count.ShouldBe(new("prove_opphold", Institution, 3, 1));
        count.Share.ShouldBe(1 / 3.0);
        var record = records.ShouldHaveSingleItem();
        record.LocalId.ShouldBe($"{Institution}|E3");
        record.NamesSomeone.ShouldBeTrue();
    }

    [Fact]
    public async Task Records_that_are_about_no_person_are_not_counted_as_unknown()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        var ofUnits = Messages.TypeOf(
            "Prove_Ord", "1", Replacement.CumulativePerPeriod, new RecordType
            {
                Table = Hospital.Stay.Table,
                Titles = Hospital.Stay.Titles,
                WireName = Hospital.Stay.WireName,
                Key = Hospital.Stay.Key,
                Event = Hospital.Stay.Event,
                Fields = [],
                Columns = [],
                PersonSource = PersonSource.None,
            });
        await ActivityAsync(register, January, ("P1", "E1"));

        (await new CountUnknownPersons(register.Databases.Register, () => [ofUnits]).CountAsync(Cancellation))
            .ShouldBeEmpty();
        (await new CountUnknownPersons(register.Databases.Register, () => [Hospital.Activity]).CountAsync(Cancellation))
            .ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_patient_number_stands_in_the_register()
    {
        await using var register = await WholeRegister.StartHospitalAsync(postgres);
        await ActivityAsync(register, January, ("PASIENT-4711", "E1"));
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);

        var rows = await connection.QueryAsync<string>(
            """
            select record::text from register.prove_opphold as record
            union all select locator::text from register.prove_opphold_locator as locator
            union all select change::text from register.change
            """);

        rows.Count().ShouldBe(3);
        rows.ShouldAllBe(row => !row.Contains("4711"));
    }

    internal static async Task<MergeOutcome> ActivityAsync(
        WholeRegister register, DateOnly extractedOn, params (string Patient, string Episode)[] rows) =>
        await StreamAsync(register, extractedOn, Hospital.Stays(Institution, rows));

    internal static async Task<MergeOutcome> IdentityAsync(
        WholeRegister register, DateOnly extractedOn, params (string Patient, PersonIdentifier? Person)[] rows)
    {
        var outcome = await StreamAsync(register, extractedOn, new BatchesReading(Hospital.Identity, [])
        {
            Identities = [Hospital.Identities(Institution, rows)],
        });
        while (await register.Follow.FollowAsync(Cancellation) > 0) Cancellation.ThrowIfCancellationRequested();
        return outcome;
    }

    private static Task<MergeOutcome> StreamAsync(WholeRegister register, DateOnly extractedOn, RecordBatch batch) =>
        StreamAsync(register, extractedOn, new BatchesReading(Hospital.Activity, [batch]));

    private static async Task<MergeOutcome> StreamAsync(
        WholeRegister register, DateOnly extractedOn, MessageReading reading) =>
        (await register.Streamed.MergeAsync(
            new SubmissionReading(Guid.CreateVersion7(), Messages.Sender, extractedOn, reading)
            {
                Year = DataYear.Parse("2026"),
            },
            (_, _) => Task.CompletedTask, Cancellation)).ShouldNotBeNull();

    internal static async Task<Dictionary<string, long>> PersonsAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        var persons = await connection.QueryAsync<(string LocalId, long Person)>(
            "select split_part(local_id, '|', 2), person_key from register.prove_opphold");
        return persons.ToDictionary(one => one.LocalId, one => one.Person);
    }

    internal static async Task<long> KeyOfAsync(WholeRegister register, PersonIdentifier person) =>
        (await register.Vault.FindAsync([person], Messages.Sender, WholeRegister.Ground, Cancellation))[0]!.Value
            .PersonKey.Value;

    private static async Task<List<(string, string)>> EndedAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(string, string)>(
            "select split_part(local_id, '|', 2), ended_by from register.prove_opphold_history order by 1")).AsList();
    }

    private static async Task<List<(int, int, int, int, int)>> ToldAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(int, int, int, int, int)>(
            """
            select told, linked, corrected, overtaken, without_number
            from register.identity_told join register.batch using (submission_id)
            order by batch_no
            """)).AsList();
    }
}
