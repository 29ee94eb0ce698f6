using Dapper;
using Kilde.Register.Tests.Kit;
using Kilde.Register.Tests.Model;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>An injury is one injury, whether out-of-hours, hospital or both have told of it (R5.40–R5.43).</summary>
public class InjuryViewTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_out_of_hours_and_hospital_tell_the_same_day_is_counted_once()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var form = await FormAsync(register, 1, "2026-02-01 18:00", "2026-02-01 20:00");
        await StayAsync(register, 1, "2026-02-02 01:00");
        var other = await StayAsync(register, 2, "2026-02-02 01:00");

        (await CountedAsync(register)).ShouldBe([form, other], ignoreOrder: true);
        (await QueryAsync<(string, Guid)>(
            register, "select source, same_as::uuid from register.reported_injury_event where not counts"))
            .ShouldBe([("hospital", form)]);
    }

    [Fact]
    public async Task A_form_that_names_the_hospitals_episode_is_about_the_same_injury_whenever_it_was()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var form = await FormAsync(register, 1, "2026-02-01 18:00", "2026-02-01 20:00", episode: "EP-9");
        await StayAsync(register, 1, "2026-02-10 09:00", episode: "EP-9");
        var later = await StayAsync(register, 1, "2026-02-20 09:00", episode: "EP-10");

        (await CountedAsync(register)).ShouldBe([form, later], ignoreOrder: true);
    }

    [Fact]
    public async Task Planned_help_and_other_conditions_are_no_new_injuries()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await StayAsync(register, 1, "2026-02-01 18:00", urgency: "4");
        await StayAsync(register, 1, "2026-02-01 18:00", code: "J18.9");
        await StayAsync(register, 1, "2026-02-01 18:00", code: "T81.4");
        var burn = await StayAsync(register, 1, "2026-02-01 18:00", code: "T20.2");

        (await CountedAsync(register)).ShouldBe([burn]);
    }

    [Fact]
    public async Task What_nobody_knows_the_person_of_is_counted_by_itself()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var form = await FormAsync(register, -1, "2026-02-01 18:00", "2026-02-01 20:00");
        var stay = await StayAsync(register, -1, "2026-02-01 21:00");

        (await CountedAsync(register)).ShouldBe([form, stay], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_comes_the_view_counts_what_a_plain_model_counts(int seed)
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        var choices = new Choices(seed);
        var told = new List<Told>();
        for (var no = 0; no < 60; no++)
        {
            var (person, hour) = (1 + choices.Below(4), choices.Below(24 * 20));
            var injured = new DateTime(2026, 1, 10, 0, 0, 0, DateTimeKind.Unspecified).AddHours(hour);
            var treated = injured.AddHours(choices.Below(30));
            var isForm = choices.OneIn(2);
            var key = isForm
                ? await FormAsync(register, person, $"{injured:s}", $"{treated:s}")
                : await StayAsync(register, person, $"{injured:s}");
            told.Add(new Told(key, person, isForm, injured, treated));
        }

        (await CountedAsync(register)).ShouldBe(Expected(told), ignoreOrder: true);
    }

    private static IEnumerable<Guid> Expected(List<Told> told)
    {
        foreach (var person in told.GroupBy(one => one.Person))
        {
            var forms = person.Where(one => one.IsForm).ToList();
            foreach (var day in forms.GroupBy(form => form.Injured.Date))
                yield return day.OrderBy(form => form.Treated).ThenBy(form => form.Key).First().Key;
            var days = person.Where(one => !one.IsForm).OrderBy(stay => stay.Injured).ThenBy(stay => stay.Key).ToList();
            for (var at = 0; at < days.Count; at++)
            {
                var day = days[at].Injured.Date;
                var isContinued = at > 0 && days[at - 1].Injured.Date >= day.AddDays(-1);
                var isOfForm = forms.Exists(
                    form => form.Injured.Date <= day && day <= form.Treated.Date.AddDays(1));
                if (!isContinued && !isOfForm) yield return days[at].Key;
            }
        }
    }

    private static Task<Guid> FormAsync(
        WholeRegister register, long person, string injured, string treated, string? episode = null) =>
        PlainRows.AddAsync(
            register.Databases, "skade_hendelse", person,
            ("skade_tid", $"timestamp '{injured}' at time zone 'Europe/Oslo'"),
            ("behandlet_tid", $"timestamp '{treated}' at time zone 'Europe/Oslo'"),
            ("sykehus_episode_id", episode is null ? "null" : $"'{episode}'"),
            ("arsak", "'1'"));

    private static Task<Guid> StayAsync(
        WholeRegister register, long person, string came, string urgency = "1", string code = "S52.5",
        string episode = "EP-1") =>
        PlainRows.AddAsync(
            register.Databases, "ord_episode", person,
            ("inn_dato_tid", $"timestamp '{came}' at time zone 'Europe/Oslo'"), ("innmate_hast", $"'{urgency}'"),
            ("episode_id", $"'{episode}'"), ("tilstand_tilst_nr", "'{2,1}'"),
            ("tilstand_kode_kode_verdi", $"array['S06.0', '{code}']"));

    private static Task<IReadOnlyList<Guid>> CountedAsync(WholeRegister register) =>
        QueryAsync<Guid>(register, "select record_key::uuid from register.injury_event");

    private static async Task<IReadOnlyList<T>> QueryAsync<T>(WholeRegister register, string sql)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    private sealed record Told(Guid Key, long Person, bool IsForm, DateTime Injured, DateTime Treated);
}
