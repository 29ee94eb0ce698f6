using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Overview;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Overview;

/// <summary>What is told of finished submissions, with the real definition of the identity message.</summary>
public sealed class FollowFinishedTests(PostgresServer postgres)
{
    private static readonly MessageType Identity = Messages.Catalogue.Find("NPR_IDE", "53.1.3")!;

    private static readonly SubmissionEnvelope Envelope = new(
        HerId.Parse("9002"), HerId.Parse("9001"), HerId.Parse("8002"), HerId.Parse("8001"), "NPR_IDE", "Ident",
        "2026-03-02T09:00:00+01:00", "melding-1", WantsReceipt: true);

    [Fact]
    public async Task A_submission_in_the_register_is_told_with_all_that_its_sender_may_be_told()
    {
        await using var intake = await StartAsync();
        intake.Tally = new PatientTally();
        var id = await intake.StoreAsync(Message(Patients(("1", Number(1)), ("2", Number(2)), ("3", Number(1)))),
            Envelope, Identity);
        (await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation)).Submissions.ShouldBeEmpty();

        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        var batch = await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation);
        var told = batch.Submissions.ShouldHaveSingleItem();
        (told.SubmissionId, told.Channel, told.Unit, told.UnitName, told.Institution)
            .ShouldBe((id, "amqp", Messages.UnitA, "Testsund", "910000012"));
        (told.MessageType, told.TypeVersion, told.From, told.To)
            .ShouldBe(("NPR_IDE", "53.1.3", new DateOnly(2019, 1, 1), new DateOnly(2019, 12, 31)));
        told.IsRejected.ShouldBeFalse();
        told.Contacts.Select(contact => (contact.Type, contact.Name, contact.Phone)).ShouldBe(
            [("1", "Åse Eksempel", "+47 99999999"), ("15", "Bjørg Prøvesen", null)]);
        told.Identities.ShouldBe(new IdentityFigures(Valid: 3, Unknown: 0, Duplicates: 1));
        told.Tally.ShouldBe("3 pasienter");
        var detail = await new GetSubmission(intake.Intake.Databases.Register).FindAsync(id, TestIntake.Cancellation);
        detail!.Persons.ShouldBe(new ToldPersons(Valid: 3, Unknown: 0));

        (await intake.Follow.ReadAsync(batch.Position, 10, TestIntake.Cancellation)).Submissions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Identities_are_counted_in_messages_of_many_batches()
    {
        await using var intake = await StartAsync();
        var patients = Enumerable.Range(1, 10_000).Select(number => ($"{number}", Number(number % 50))).ToArray();
        await intake.StoreAsync(Message(Patients(patients)), Envelope, Identity);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        (await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation)).Submissions.Single().Identities
            .ShouldBe(new IdentityFigures(Valid: 10_000, Unknown: 0, Duplicates: 9_950));
    }

    [Fact]
    public async Task A_rejected_submission_is_told_with_its_findings_and_contacts()
    {
        await using var intake = await StartAsync();
        await intake.StoreAsync(Message("<Ukjent/>" + Patients(("1", Number(1)))), Envelope, Identity);
        await intake.JudgeAllAsync();

        var told = (await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation)).Submissions.Single();

        told.RejectionCode.ShouldBe((int)RejectionCode.RefusedByDefinition);
        told.Findings.ShouldNotBeEmpty();
        told.BrokenRules.Sum(rule => rule.Count).ShouldBe(told.Findings.Count);
        told.Contacts.Count.ShouldBe(2);
        told.Tally.ShouldBeNull();
    }

    [Fact]
    public async Task A_message_whose_feedback_can_reach_nobody_is_accepted_and_its_receipt_says_so()
    {
        await using var intake = await StartAsync();
        intake.ContactCheck = new NobodyReachable();
        await intake.StoreAsync(Message(Patients(("1", Number(1)))), Envelope, Identity);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        var receipt = AppRecReader.Read(await intake.Intake.OneAsync<byte[]>("select body from intake.receipt"))!;
        receipt.Status.ShouldBe(AppRecStatus.OkWithErrors);
        receipt.Errors.ShouldContain(error => error.Detail!.Contains("QUA-002"));
        (await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation)).Submissions.Single()
            .Findings.ShouldContain(finding => finding.RuleId == "QUA-002");
    }

    [Theory]
    [InlineData("cut", "T01")]
    [InlineData("dtd", "T01")]
    [InlineData("utf-16", "T01")]
    [InlineData("unknown", "T10")]
    [InlineData("structure", "T02")]
    [InlineData("endless", "T99")]
    public async Task A_receipt_has_the_code_of_what_is_wrong(string fault, string code)
    {
        await using var intake = await StartAsync();
        var sound = Message(Patients(("1", Number(1))));
        await intake.StoreAsync(
            fault switch
            {
                "cut" => sound[..^20],
                "dtd" => [.. "<!DOCTYPE Melding>"u8, .. sound],
                "utf-16" => Encoding.Unicode.GetPreamble().Concat(
                    Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(sound))).ToArray(),
                "unknown" => "<Melding xmlns=\"urn:annet\"/>"u8.ToArray(),
                "structure" => Message("<Ukjent/>"),
                _ => Message($"<PasientIdent pid=\"{new string('1', 1 << 20)}\"/>"),
            },
            Envelope, Identity);
        await intake.JudgeAllAsync();

        var receipt = AppRecReader.Read(await intake.Intake.OneAsync<byte[]>("select body from intake.receipt"))!;
        receipt.Status.ShouldBe(AppRecStatus.Rejected);
        receipt.Errors[0].Code.ShouldBe(code);
    }

    [Fact]
    public async Task Contact_persons_do_not_stand_in_the_database_in_clear_text()
    {
        await using var intake = await StartAsync();
        await intake.StoreAsync(Message(Patients(("1", Number(1)))), Envelope, Identity);
        await intake.JudgeAllAsync();

        var rows = await intake.Intake.AllAsync<string>("select j::text from intake.judgement j");

        rows.Single().ShouldNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes("Eksempel")));
        rows.Single().ShouldNotContain("99999999");
    }

    [Fact]
    public async Task Nothing_is_passed_by_while_an_older_transaction_is_open()
    {
        await using var intake = await StartAsync();
        await using (var slow = await intake.Intake.Databases.Register.Source.OpenConnectionAsync(
            TestIntake.Cancellation))
        {
            await using var transaction = await slow.BeginTransactionAsync(TestIntake.Cancellation);
            await Dapper.SqlMapper.ExecuteAsync(slow, "select 1", transaction: transaction);
            intake.Intake.Clock.Now = TimeProvider.System.GetUtcNow();
            await intake.Intake.Log.StoreAsync(Messages.Message("1=10"), TestIntake.Cancellation);
            await intake.MergeAllAsync();

            (await intake.Follow.ReadAsync(null, 10, TestIntake.Cancellation)).Submissions.ShouldBeEmpty();
        }

        FinishedBatch? batch = null;
        do batch = await intake.Follow.ReadAsync(batch?.Position, 10, TestIntake.Cancellation);
        while (batch.Submissions.Count == 0);
        batch.Submissions.Single().Channel.ShouldBe("slash");
    }

    private async Task<XmlIntake> StartAsync()
    {
        var intake = await XmlIntake.StartAsync(postgres);
        intake.Formats = XmlFormats.Of(Messages.Catalogue, takesTestTypes: true);
        await intake.ConfigureAsync(Messages.Consultation.Name, Identity.Name);
        return intake;
    }

    private static byte[] Message(string content) => Encoding.UTF8.GetBytes(
        """
        <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ide" versjon="53.1.3" meldingstype="B"
          fraDatoPeriode="2019-01-01" tilDatoPeriode="2019-12-31" uttakDato="2020-01-05" leverandor="Leverandør AS"
          navnEPJ="Journal" versjonEPJ="1" versjonUt="2" lopenr="1">
          <Kontaktperson kontPerson="Åse Eksempel" meldTelefon="+47 99999999" meldEpost1="a@example.no"
            typeKontaktperson="1"/>
          <Kontaktperson kontPerson="Bjørg Prøvesen" meldEpost1="b@example.no" typeKontaktperson="15"/>
        """
        + $"<Institusjon institusjonID=\"910000012\">{content}</Institusjon></Melding>");

    private static string Patients(params (string Number, PersonIdentifier Person)[] patients) => string.Concat(
        patients.Select(patient =>
            $"<PasientIdent pid=\"{patient.Number}\" fid=\"{patient.Person.Reveal()}\" typeID=\"1\"/>"));

    // The synthetic numbers of one day: month + 80.
    private static readonly PersonIdentifier[] Numbers =
    [
        .. Enumerable.Range(0, 100_000).Select(tail => $"018190{tail:D5}")
            .Where(digits => PersonIdentifier.TryParse(digits, null, out var person) && person.IsSynthetic)
            .Select(digits => PersonIdentifier.Parse(digits, null)).Take(100),
    ];

    private static PersonIdentifier Number(int nth) => Numbers[nth];

    private sealed class PatientTally : ISubmissionTally
    {
        public ITallying Begin(MessageType type) => new Tallying();

        private sealed class Tallying : ITallying
        {
            private int _patients;

            public void Add(RecordBatch batch) => throw new InvalidOperationException("Identities only.");

            public void Add(IdentityBatch batch) => _patients += batch.Count;

            public string ToText(string? institution) => $"{_patients} pasienter";

            public string Form => "1";

            public IReadOnlyList<string> Counted => [];

            public IEnumerable<PartCount> OfParts => [];

            public void Add(string counted, int times) => throw new InvalidOperationException("There are no parts.");
        }
    }

    private sealed class NobodyReachable : IContactCheck
    {
        public IReadOnlyList<Finding> Check(
            MessageType type, IReadOnlyList<ContactPerson> contacts, string? tally) =>
            [new Finding("QUA-002", Severity.Warning, "/Melding/Kontaktperson", "Ingen kan nås.")];
    }
}
