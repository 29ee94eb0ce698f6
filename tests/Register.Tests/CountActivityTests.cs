using System.Globalization;
using Kilde.Kernel;
using Kilde.Register.Contacts;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>Patient numbers of activity and of identity messages, held against each other (R3.07).</summary>
public class CountActivityTests(PostgresServer postgres)
{
    private const string Hospital = "974795930";
    private const string Clinic = "974760673";

    // Of the range of synthetic numbers: month + 80.
    private const string Kari = "15851900079";
    private const string Ola = "15851900230";

    private static readonly OrganizationNumber Sender = OrganizationNumber.Parse(Hospital);
    private static readonly DateOnly May = new(2019, 5, 3);
    private static readonly DateOnly September = new(2019, 9, 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_told_before_both_halves_have_come()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        (await CountAsync(register)).ShouldBeNull();

        await ActivityAsync(register, May, "1", "2");
        (await CountAsync(register)).ShouldBeNull();
        await IdentitiesAsync(register, May, ("1", Kari), ("2", Ola));

        (await CountAsync(register)).ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 0));
        (await CountAsync(register, year: 2018)).ShouldBeNull();
    }

    [Fact]
    public async Task Each_patient_number_that_one_half_lacks_is_counted()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await IdentitiesAsync(register, May, ("1", Kari), ("8", null), ("9", Ola));
        await ActivityAsync(register, May, "1", "2", "3", "4");

        (await CountAsync(register)).ShouldBe(new(Active: 4, WithoutActivity: 2, WithoutIdentity: 3));
    }

    [Fact]
    public async Task A_patient_without_a_number_is_told_of_and_is_no_activity_without_identity()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await ActivityAsync(register, May, "1");
        await IdentitiesAsync(register, May, ("1", null), ("2", null));
        await ActivityAsync(register, September, "1", "2");

        (await CountAsync(register)).ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 0));
    }

    [Fact]
    public async Task A_new_identity_file_with_half_of_the_persons_leaves_the_others_untold()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await ActivityAsync(register, May, "1", "2");
        await IdentitiesAsync(register, May, ("1", Kari), ("2", Ola));
        await IdentitiesAsync(register, September, ("1", Kari));

        (await CountAsync(register)).ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 1));
    }

    [Fact]
    public async Task An_older_identity_file_changes_nothing_and_one_of_changes_adds()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await ActivityAsync(register, September, "1", "2");
        await IdentitiesAsync(register, September, ("1", Kari));
        await IdentitiesAsync(register, May, ("1", Kari), ("2", Ola));
        var before = await CountAsync(register);

        await IdentitiesAsync(register, September.AddDays(1), "E", ("2", Ola));
        await IdentitiesAsync(register, September, ("1", Kari));

        before.ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 1));
        (await CountAsync(register)).ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 0));
    }

    [Fact]
    public async Task A_person_on_two_patient_numbers_is_two_patients_and_a_number_is_its_institutions_own()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await IdentitiesAsync(register, May, ("1", Kari), ("2", Kari));
        await ActivityAsync(register, May, "1", "2");
        await TakeInAsync(register, May, "ord", "B", Activity("2"), Clinic);

        (await CountAsync(register)).ShouldBe(new(Active: 2, WithoutActivity: 0, WithoutIdentity: 0));
        (await CountAsync(register, [Hospital, Clinic])).ShouldBe(new(Active: 3, 0, WithoutIdentity: 1));
    }

    [Fact]
    public async Task What_identity_messages_told_before_it_was_kept_is_not_known()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await ActivityAsync(register, May, "1");
        await IdentitiesAsync(register, May, ("1", Kari));
        var source = register.Databases.Register.Source;
        await using (var forget = source.CreateCommand("delete from register.period_patient"))
            await forget.ExecuteNonQueryAsync(Cancellation);

        (await CountAsync(register)).ShouldBeNull();
        await IdentitiesAsync(register, September, ("1", Kari));
        (await CountAsync(register)).ShouldBe(new(Active: 1, WithoutActivity: 0, WithoutIdentity: 0));
    }

    private static Task<CountActivity.PatientCount?> CountAsync(
        WholeRegister register, string[]? institutions = null, int year = 2019) =>
        new CountActivity(register.Databases.Register).CountPatientsAsync(
            institutions ?? [Hospital], DataYear.Of(new DateOnly(year, 1, 1)), Cancellation);

    private static Task ActivityAsync(WholeRegister register, DateOnly on, params string[] patients) =>
        TakeInAsync(register, on, "ord", "B", Activity(patients));

    private static Task IdentitiesAsync(
        WholeRegister register, DateOnly on, params (string Patient, string? Number)[] told) =>
        IdentitiesAsync(register, on, "B", told);

    // Who has no number is told by the day of birth (code 9 of Volven 9032).
    private static Task IdentitiesAsync(
        WholeRegister register, DateOnly on, string kind, params (string Patient, string? Number)[] told) =>
        TakeInAsync(register, on, "ide", kind, string.Concat(told.Select(each =>
            $"<PasientIdent pid=\"{each.Patient}\" fid=\"{each.Number ?? "150519"}\" "
            + $"typeID=\"{(each.Number is null ? 9 : 1)}\"/>")));

    private static string Activity(params string[] patients) =>
        "<Enhet enhetID=\"A1\" orgNr=\"974795930\" offAvdKode=\"100\" isfRefusjon=\"1\"/>"
        + string.Concat(patients.Select(patient =>
            $"""
            <Objektholder pasientNr="{patient}">
              <Pasient pasientNr="{patient}" kjonn="1" fodselsar="1980"/>
              <Henvisningsperiode henvisningsperiodeID="H{patient}">
                <Henvisning henvID="V{patient}" mottaksDato="2019-02-01" frittBehandlingsvalg="2" komNrHjem="0301">
                  <RefEnhet enhetID="A1" typeEnhet="1"/><RefEnhet enhetID="A1" typeEnhet="7"/>
                  <RefEnhet enhetID="A1" typeEnhet="2"/>
                </Henvisning>
              </Henvisningsperiode>
              <Episode episodeID="E{patient}" henvisningsperiodeID="H{patient}" innDatoTid="2019-03-01T10:00:00"
                utDatoTid="2019-03-04T12:00:00" utTilstand="1" debitor="1" komNrHjem="0301" innmateHast="1"
                omsorgsniva="1"><AvdOpp/>
                <RefEnhet enhetID="A1" typeEnhet="1"/><RefEnhet enhetID="A1" typeEnhet="7"/>
                <RefEnhet enhetID="A1" typeEnhet="2"/>
              </Episode>
            </Objektholder>
            """));

    private static async Task TakeInAsync(
        WholeRegister register, DateOnly on, string module, string kind, string content,
        string institution = Hospital)
    {
        var day = on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await register.TakeInXmlAsync(
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_{module}" versjon="53.1.3" meldingstype="{kind}"
              fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-08-31" uttakDato="{day}" leverandor="Prøve"
              navnEPJ="Prøve" versjonEPJ="1" versjonUt="1" lopenr="1">
              <Kontaktperson kontPerson="Åse Eksempel" meldTelefon="+47 99999999" meldEpost1="a@example.no"
                typeKontaktperson="1"/>
              <Institusjon institusjonID="{institution}">{content}</Institusjon>
            </Melding>
            """,
            Sender, on);
    }
}
