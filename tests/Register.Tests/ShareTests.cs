using Dapper;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// Urban districts that each send a file for their municipality (IPLOS 3.7: iiKomnr and iiBydelsnr): a file replaces
/// the year of its own district, and a file that names none that of no district.
/// </summary>
public class ShareTests(PostgresServer postgres)
{
    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse("974795930");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Districts_of_a_municipality_do_not_replace_each_other()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        var first = await TakeInAsync(register, File("01", 11, 12));
        var second = await TakeInAsync(register, File("02", 21));
        var again = await TakeInAsync(register, File("01", 11));

        (first.Inserted, first.Deleted).ShouldBe((4, 0));
        (second.Inserted, second.Deleted).ShouldBe((2, 0));
        (again.Unchanged, again.Deleted).ShouldBe((2, 2));
        (await ServicesAsync(register)).ShouldBe(["01 11", "02 21"]);
    }

    [Theory]
    [InlineData("01", "00")]
    [InlineData("00", "01")]
    public async Task A_file_without_district_and_those_with_one_stand_beside_each_other(string earlier, string later)
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        await TakeInAsync(register, File(earlier, 11));
        var outcome = await TakeInAsync(register, File(later, 21, 22));

        (outcome.Inserted, outcome.Deleted).ShouldBe((4, 0));
        (await ServicesAsync(register)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_same_numbers_in_two_districts_are_different_persons_and_services()
    {
        await using var register = await WholeRegister.StartAsync(postgres);

        await TakeInAsync(register, File("01", 11));
        var second = await TakeInAsync(register, File("02", 11));
        var whole = await TakeInAsync(register, File("00", 11));

        (second.Inserted, whole.Inserted).ShouldBe((2, 2));
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<(long, long, string)>(
            "select count(distinct person_key), count(distinct record_key), min(sender) from register.iplos_tjeneste"))
            .ShouldBe((3, 3, "0301"));
    }

    [Fact]
    public async Task An_older_extraction_is_overtaken_by_the_same_district_only()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, File("01", new DateOnly(2020, 2, 1), 11));

        var other = await TakeInAsync(register, File("02", new DateOnly(2020, 1, 10), 21));
        var older = await TakeInAsync(register, File("01", new DateOnly(2020, 1, 10), 12));

        (other.IsOvertaken, older.IsOvertaken).ShouldBe((false, true));
        (await ServicesAsync(register)).ShouldBe(["01 11", "02 21"]);
    }

    [Fact]
    public async Task A_district_whose_municipality_sends_one_file_from_now_on_is_ended_by_staff()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, File("01", 11, 12));
        await TakeInAsync(register, File("02", 21));
        await TakeInAsync(register, File("00", 11, 12, 21));

        (await EndAsync("01")).ShouldBe(4);

        (await ServicesAsync(register)).ShouldBe([" 11", " 12", " 21", "02 21"], ignoreOrder: true);
        (await EndAsync("03")).ShouldBeNull("it has sent nothing");
        (await EndAsync("01")).ShouldBe(0, "there is nothing left");
        await Should.ThrowAsync<ArgumentException>(() => EndAsync(""));
        (await TakeInAsync(register, File("01", new DateOnly(2020, 1, 11), 13))).IsOvertaken.ShouldBeTrue();
        (await TakeInAsync(register, File("01", new DateOnly(2026, 3, 3), 13))).Inserted.ShouldBe(2);
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<string>(
            """
            select subject || ' ' || count || ' ' || details from audit.entry where action = 'register.end_share'
            order by count
            """)).ShouldBe(["0301 01 KPR_IPLOS 2019 0 Én fil", "0301 01 KPR_IPLOS 2019 4 Én fil"]);

        Task<int?> EndAsync(string share) => register.Shares.EndAsync(
            "0301", "KPR_IPLOS", DataYear.Parse("2019"), share, "Én fil", WholeRegister.Ground, Cancellation);
    }

    [Fact]
    public async Task A_district_is_ended_on_the_day_it_is_in_Norway()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await TakeInAsync(register, File("01", 11));
        register.Clock.Now = new DateTimeOffset(2026, 3, 2, 23, 30, 0, TimeSpan.Zero);

        await register.Shares.EndAsync(
            "0301", "KPR_IPLOS", DataYear.Parse("2019"), "01", "Én fil", WholeRegister.Ground, Cancellation);

        (await TakeInAsync(register, File("01", new DateOnly(2026, 3, 2), 13))).IsOvertaken.ShouldBeTrue();
        (await TakeInAsync(register, File("01", new DateOnly(2026, 3, 3), 13))).IsOvertaken.ShouldBeFalse();
    }

    private static string File(string district, params int[] persons) =>
        File(district, new DateOnly(2020, 1, 10), persons);

    private static string File(string district, DateOnly on, params int[] persons) => AnnualCareFile.Of(
        string.Concat(persons.Select(person => $"""
          <PERSON pePeID="{person}"><peAlder>80</peAlder>
            <TJENESTE tjPeID="{person}" tjTjID="{person}"><tjTjenType>21</tjTjenType></TJENESTE>
          </PERSON>
        """)),
        "0301", district, extractedOn: on);

    private static async Task<IReadOnlyList<string>> ServicesAsync(WholeRegister register)
    {
        await using var connection = await register.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return
        [
            .. await connection.QueryAsync<string>(
                """
                select share || ' ' || split_part(local_id, '|', 2)
                from register.iplos_tjeneste join register.period using (period_no) order by 1
                """),
        ];
    }

    private static Task<MergeOutcome> TakeInAsync(WholeRegister register, string message) =>
        register.TakeInXmlAsync(message, Sender, new DateOnly(2026, 3, 4));
}
