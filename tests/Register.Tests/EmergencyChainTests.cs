using System.Globalization;
using Kilde.Register.Contacts;
using Kilde.Register.Tests.Kit;
using Kilde.Register.Tests.Model;
using Kilde.Testing;
using Path = Kilde.Register.Contacts.CountEmergencyChains.EmergencyPath;

namespace Kilde.Register.Tests;

/// <summary>
/// From the call to the hospital: contacts of four kinds become the chains people went through (R5.43).
/// </summary>
public class EmergencyChainTests(PostgresServer postgres)
{
    private static readonly DateOnly From = new(2026, 2, 1);
    private static readonly DateOnly To = new(2026, 2, 28);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chain_goes_from_the_call_by_out_of_hours_to_the_hospital_with_its_times()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await CallAsync(register, 1, "2026-02-03 20:00", "A", arrived: "2026-02-03 20:12");
        await ClaimAsync(register, 1, "2026-02-03 21:00");
        await StayAsync(register, 1, "2026-02-03 22:30", "2026-02-06 11:00");
        await CallAsync(register, 2, "2026-02-04 20:00", "H", arrived: "2026-02-04 20:20");
        await ClaimAsync(register, 2, "2026-02-04 21:00");
        await StayAsync(register, 2, "2026-02-05 00:00", "2026-02-05 12:00");
        await ClaimAsync(register, 3, "2026-02-04 21:00");
        await BedAsync(register, 3, "2026-02-04 23:00", "2026-02-06 09:00");
        await StayAsync(register, 3, "2026-02-07 08:00", "2026-02-08 08:00");
        await StayAsync(register, 4, "2026-02-07 08:00", "2026-02-08 08:00");

        (await CountAsync(register)).ShouldBe(
        [
            new Path("AMK > LV > SOM", 2, 2, 1, 16, 195), new Path("LV > KOHD > SOM", 1, 1, 0, null, 3_540),
            new Path("SOM", 1, 1, 0, null, 0),
        ]);
    }

    [Fact]
    public async Task What_is_no_urgent_help_to_somebody_known_is_no_link()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await ClaimAsync(register, 1, "2026-02-03 21:00", tariff: "1bk");
        await ClaimAsync(register, 1, "2026-02-03 21:00", practice: "Fastlege");
        await ClaimAsync(register, 1, "2026-02-03 21:00", isCredited: true);
        await StayAsync(register, 1, "2026-02-03 22:00", "2026-02-04 22:00", urgency: "4");
        await CallAsync(register, -5, "2026-02-03 20:00", "A");
        await ClaimAsync(register, 2, "2026-01-31 23:59");
        await ClaimAsync(register, 3, "2026-03-01 00:00");

        (await CountAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_chain_that_began_before_the_days_is_counted_whole_where_it_began()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await CallAsync(register, 1, "2026-01-31 23:00", "A");
        await StayAsync(register, 1, "2026-02-01 00:30", "2026-02-03 12:00");
        await CallAsync(register, 2, "2026-02-28 23:30", "V1");
        await StayAsync(register, 2, "2026-03-01 01:00", "2026-03-02 12:00");

        (await CountAsync(register)).ShouldBe([new Path("AMK > SOM", 1, 1, 0, null, 90)]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_comes_the_chains_are_those_of_a_plain_model(int seed)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var choices = new Choices(seed);
        var told = new List<Told>();
        for (var no = 0; no < 70; no++)
        {
            var minute = (choices.Below(2_000) * 17) + no;
            var start = new DateTime(2026, 2, 2, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(minute);
            var one = new Told(1 + choices.Below(5), choices.Of(Links), start, start.AddHours(choices.Below(60)));
            if (one.Link is "AMK" or "LV") one = one with { End = start };
            told.Add(one);
            var (from, to) = ($"{one.Start:s}", $"{one.End:s}");
            await (one.Link switch
            {
                "AMK" => CallAsync(register, one.Person, from, "V"),
                "LV" => ClaimAsync(register, one.Person, from),
                "KOHD" => BedAsync(register, one.Person, from, to),
                _ => StayAsync(register, one.Person, from, to),
            });
        }

        (await CountAsync(register)).Select(path => (path.Path, path.Chains, path.Persons, path.MinutesToHospital))
            .ShouldBe(Expected(told), ignoreOrder: true);
    }

    private static readonly string[] Links = ["AMK", "LV", "KOHD", "SOM"];

    private static IEnumerable<(string, long, long, double?)> Expected(List<Told> told)
    {
        var chains = new List<List<Told>>();
        foreach (var person in told.GroupBy(one => one.Person))
        {
            List<Told>? chain = null;
            foreach (var one in person.OrderBy(one => one.Start))
            {
                if (chain is null || one.Start > chain.Max(link => link.End) + CountEmergencyChains.LinkMax)
                    chains.Add(chain = []);
                chain.Add(one);
            }
        }

        return chains.GroupBy(PathOf).Select(path => (
            path.Key, (long)path.Count(), (long)path.Select(chain => chain[0].Person).Distinct().Count(),
            Median([.. path.Where(chain => chain.Exists(link => link.Link == "SOM"))
                .Select(chain => (chain.First(link => link.Link == "SOM").Start - chain[0].Start).TotalMinutes)])));
    }

    private static string PathOf(List<Told> chain) => string.Join(
        " > ", chain.Where((link, at) => at == 0 || chain[at - 1].Link != link.Link).Select(link => link.Link));

    private static double? Median(double[] minutes)
    {
        if (minutes.Length == 0) return null;
        Array.Sort(minutes);
        return (minutes[(minutes.Length - 1) / 2] + minutes[minutes.Length / 2]) / 2;
    }

    private static Task<IReadOnlyList<Path>> CountAsync(WholeRegister register) =>
        new CountEmergencyChains(register.Databases.Register).CountAsync(From, To, Cancellation);

    private static Task<Guid> CallAsync(
        WholeRegister register, long person, string at, string urgency, string? arrived = null) =>
        PlainRows.AddAsync(
            register.Databases, "pre_pasientkontakt", person,
            ("hendelse_opprettet_dato_tid", Time(at)),
            ("hendelse_hastegrad_hoyeste", $"'{urgency}'"),
            ("hendelse_forste_ankomst_hentested_dato_tid", arrived is null ? "null" : Time(arrived)));

    private static Task<Guid> ClaimAsync(
        WholeRegister register, long person, string at, string tariff = "2ak", string practice = "Legevakt",
        bool isCredited = false) =>
        PlainRows.AddAsync(
            register.Databases, "kuhr_regning", person,
            ("tidspunkt", Time(at)), ("tjenestetype", $"'{practice}'"), ("takst_kode", $"array['{tariff}']"),
            ("kreditering", isCredited.ToString(CultureInfo.InvariantCulture)));

    private static Task<Guid> BedAsync(WholeRegister register, long person, string from, string to) =>
        PlainRows.AddAsync(
            register.Databases, "kohd_opphold", person, ("inn_tid", Time(from)), ("ut_tid", Time(to)));

    private static Task<Guid> StayAsync(
        WholeRegister register, long person, string from, string to, string urgency = "1") =>
        PlainRows.AddAsync(
            register.Databases, "ord_episode", person,
            ("inn_dato_tid", Time(from)), ("ut_dato_tid", Time(to)), ("innmate_hast", $"'{urgency}'"));

    private static string Time(string at) => $"timestamp '{at}' at time zone 'Europe/Oslo'";

    private sealed record Told(long Person, string Link, DateTime Start, DateTime End);
}
