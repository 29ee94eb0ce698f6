using System.Text;
using Dapper;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Register.Tests.Model;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// A year whose unchanged patients are not read again is the year the file holds, whatever came before it.
/// </summary>
public class PeriodPartsTests(PostgresServer postgres)
{
    private const string Institution = "974760673";
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse(Institution);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="Number">The patient's number at the institution.</param>
    /// <param name="Weight">What changes; tells the patient in the register, which has no patient numbers.</param>
    private sealed record Patient(int Number, int Weight);

    private sealed record Taken(MergeOutcome Outcome, int PassedOver);

    [Fact]
    public async Task Unchanged_patients_are_not_read_and_their_records_stand()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var first = await TakeAsync(register, 1, new(1, 100), new(2, 200), new(3, 300));
        var again = await TakeAsync(register, 2, new(1, 100), new(2, 200), new(3, 300));

        var changed = await TakeAsync(register, 3, new(1, 100), new(3, 301), new(4, 400));

        first.PassedOver.ShouldBe(0);
        again.PassedOver.ShouldBe(3);
        again.Outcome.ShouldBe(new MergeOutcome(again.Outcome.SubmissionId, 2, 0, 0, 4, 0));
        changed.PassedOver.ShouldBe(1);
        changed.Outcome.ShouldBe(new MergeOutcome(changed.Outcome.SubmissionId, 3, 1, 1, 2, 1));
        (await StandingAsync(register)).ShouldBe([100, 301, 400]);
    }

    [Fact]
    public async Task What_else_changes_the_year_makes_the_next_file_be_read()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Patient[] year = [new(1, 100), new(2, 200)];
        await TakeAsync(register, 1, year);
        await ChangeAsync(register, 2, new Patient(2, 201));
        (await StandingAsync(register)).ShouldBe([100, 201]);

        var again = await TakeAsync(register, 3, year);
        var then = await TakeAsync(register, 4, year);

        again.PassedOver.ShouldBe(0);
        again.Outcome.Updated.ShouldBe(1);
        then.PassedOver.ShouldBe(2);
        (await StandingAsync(register)).ShouldBe([100, 200]);
    }

    [Fact]
    public async Task A_file_that_is_refused_leaves_what_is_known_of_the_year()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeAsync(register, 1, new(1, 100), new(2, 200));

        var refused = await ReadAsync(
            register, 2, File(2, "B", [new(1, 100), new(5, 500)]).Replace("</Institusjon>", "<Rot/></Institusjon>"));
        var next = await TakeAsync(register, 3, new(1, 100), new(2, 200));

        refused.Outcome.ShouldBeNull();
        next.PassedOver.ShouldBe(2);
        (await StandingAsync(register)).ShouldBe([100, 200]);
    }

    [Fact]
    public async Task An_older_file_is_overtaken_and_the_newest_stays_known()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeAsync(register, 5, new(1, 100), new(2, 200));

        var older = await TakeAsync(register, 4, new(1, 100), new(9, 900));
        var next = await TakeAsync(register, 6, new(1, 100), new(2, 200));

        older.Outcome.IsOvertaken.ShouldBeTrue();
        next.PassedOver.ShouldBe(2);
        (await StandingAsync(register)).ShouldBe([100, 200]);
    }

    // A page has 3 200 records.
    [Fact]
    public async Task Pages_stand_while_most_of_their_records_do_and_are_then_written_anew()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        Patient[] year = [.. Enumerable.Range(1, 7_000).Select(number => new Patient(number, 1 + number % 9_000))];
        await TakeAsync(register, 1, year);
        var first = await PagesAsync(register);

        var few = await TakeAsync(register, 2, year[1_000..]);
        var second = await PagesAsync(register);
        await TakeAsync(register, 3, year[2_000..]);
        var third = await PagesAsync(register);
        var same = await TakeAsync(register, 4, year[2_000..]);
        var fourth = await PagesAsync(register);
        var last = await TakeAsync(register, 5, year[2_001..]);

        first.ShouldBe([(1, 3_200), (1, 3_200), (1, 600)]);
        few.Outcome.Deleted.ShouldBe(1_000);
        second.ShouldBe(first);
        third.ShouldBe([(1, 3_200), (1, 600), (3, 1_200)]);
        same.Outcome.Unchanged.ShouldBe(5_001);
        fourth.ShouldBe(third);
        last.Outcome.Deleted.ShouldBe(1);
        (await StandingAsync(register)).Count.ShouldBe(4_999);
    }

    [Fact]
    public async Task The_year_is_what_the_newest_file_holds_whatever_came_before()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var choices = new Choices(5);
        Patient[] patients = [];
        for (var day = 1; day <= 25; day++)
        {
            var before = patients;
            patients = [.. NextYear(choices, patients)];

            var taken = await TakeAsync(register, day, patients);

            var same = patients.Intersect(before).Count();
            taken.PassedOver.ShouldBe(same);
            taken.Outcome.Unchanged.ShouldBe(same + (day == 1 ? 0 : 1));
            taken.Outcome.Deleted.ShouldBe(
                before.ExceptBy(patients.Select(one => one.Number), one => one.Number).Count());
            (await StandingAsync(register)).ShouldBe(patients.Select(one => (long)one.Weight).Order());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Files_and_changes_in_any_order_leave_what_the_order_of_their_extraction_does(int seed)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var choices = new Choices(seed);
        var messages = Enumerable.Range(1, 24).Select(day => (
            Day: day, Kind: choices.OneIn(3) ? "B" : "E",
            Patients: Enumerable.Range(1, 6).Where(_ => choices.OneIn(2)).DefaultIfEmpty(6)
                .Select(number => new Patient(number, 1 + choices.Below(3))).ToArray()))
            .ToArray();

        var arrived = new List<(int Day, string Kind, Patient[] Patients)>();
        foreach (var message in messages.OrderBy(message => message.Day + choices.Below(7)))
        {
            arrived.Add(message);
            await MergeAsync(register, message.Day, message.Kind, message.Patients);

            var year = new Dictionary<int, long>();
            foreach (var (_, kind, patients) in arrived.OrderBy(one => one.Day))
            {
                if (kind == "B") year.Clear();
                foreach (var patient in patients) year[patient.Number] = patient.Weight;
            }

            (await StandingAsync(register)).ShouldBe(
                year.Values.Order(), ignoreOrder: false, $"after the message of day {message.Day}");
        }
    }

    private static IEnumerable<Patient> NextYear(Choices choices, Patient[] patients)
    {
        foreach (var patient in patients.Where(_ => !choices.OneIn(8)).OrderBy(_ => choices.Below(20)).ToArray())
            yield return choices.OneIn(5) ? patient with { Weight = 1 + choices.Below(9998) } : patient;
        var added = 1 + choices.Below(5);
        for (var number = 1; added > 0; number++)
        {
            if (patients.Any(patient => patient.Number == number)) continue;
            yield return new Patient(number, 1 + choices.Below(9998));
            added--;
        }
    }

    private static Task<Taken> TakeAsync(WholeRegister register, int day, params Patient[] patients) =>
        MergeAsync(register, day, "B", patients);

    private static Task<Taken> ChangeAsync(WholeRegister register, int day, params Patient[] patients) =>
        MergeAsync(register, day, "E", patients);

    private static async Task<Taken> MergeAsync(WholeRegister register, int day, string kind, Patient[] patients)
    {
        var (outcome, passedOver) = await ReadAsync(register, day, File(day, kind, patients));
        return new Taken(outcome.ShouldNotBeNull(), passedOver);
    }

    private static async Task<(MergeOutcome? Outcome, int PassedOver)> ReadAsync(
        WholeRegister register, int day, string file)
    {
        // As a merge reads: rules were held against the message when it was judged.
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2020, 1, day)) { HoldsRules = false };
        var opening = register.Catalogue.OpenXml(new MemoryStream(Encoding.UTF8.GetBytes(file)), options);
        using var reading = opening.Reading.ShouldNotBeNull($"{opening.Refusal}");
        var outcome = await register.Streamed.MergeAsync(
            new SubmissionReading(Guid.CreateVersion7(), Sender, options.ReceivedOn, reading),
            (_, _) => Task.CompletedTask, Cancellation);
        return (outcome, reading.Parts?.PassedOver.Count ?? 0);
    }

    private static string File(int day, string kind, IEnumerable<Patient> patients)
    {
        var each = patients.Select(patient =>
            $"""
            <Objektholder pasientNr="P{patient.Number}"><Pasient pasientNr="P{patient.Number}" kjonn="1"
              fodselsar="1970" fodselsvekt="{patient.Weight}"/></Objektholder>

            """);
        return $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" meldingstype="{kind}"
              fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-{day:00}" leverandor="L"
              navnEPJ="E" versjonEPJ="1" versjonUt="1" lopenr="{day}">
            <Kontaktperson kontPerson="Kari" meldEpost1="kari@example.no" typeKontaktperson="1"/>
            <Institusjon institusjonID="{Institution}">
            <Enhet enhetID="A" enhetLokal="Medisin"/>
            {string.Concat(each)}</Institusjon>
            </Melding>
            """;
    }

    private static async Task<List<(long BatchNo, int Records)>> PagesAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<(long, int)>(
            """
            select batch_no, length(content) / 20
            from register.period_record
            where record_table = 'ord_pasient'
            order by batch_no, page_no
            """)).AsList();
    }

    private static async Task<List<long>> StandingAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return (await connection.QueryAsync<long>("select fodselsvekt from register.ord_pasient order by 1")).AsList();
    }
}
