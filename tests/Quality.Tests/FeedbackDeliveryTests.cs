using System.Text;
using System.Text.RegularExpressions;
using ICSharpCode.SharpZipLib.Zip;
using Kilde.Audit;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;
using Kilde.Quality.Overview;
using Kilde.Quality.Sending;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

public class FeedbackDeliveryTests(PostgresServer postgres, MailServer mail)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_goes_by_mail_in_a_zip_that_the_password_from_the_SMS_opens()
    {
        await using var quality = await TestQuality.StartAsync(postgres, mail.Port);
        var producer = Cases.Producer with { Email = "zip@nordvika.example" };

        await quality.RecordAsync(Cases.Identities with { Contacts = [producer] });
        (await quality.SendAllAsync()).ShouldBe(2);

        var received = await mail.NextToAsync("zip@nordvika.example");
        var sms = (await quality.Letters.ReadAsync(10, Cancellation)).ShouldHaveSingleItem();
        sms.Channel.ShouldBe("sms");
        sms.To.ShouldBe("+4791234567");
        var password = sms.Text.Split(' ').Single(word => word.Count(c => c == '-') == 3);
        received.Subject.ShouldBe("Tilbakemelding på identitet: NPR_IDE, Nordvika sykehus");
        received.Text.ShouldContain("slutter på 67");
        received.Raw.ShouldNotContain(password);
        received.Text.ShouldNotContain("91234567");
        using var zip = new ZipFile(new MemoryStream(received.Attachment)) { Password = password };
        using var reader = new StreamReader(zip.GetInputStream(zip[0]), Encoding.UTF8);
        reader.ReadToEnd().ShouldBe(IdentityReport.Write(Cases.Identities, ReportTexts.In("nb")));
        zip[0].Name.ShouldEndWith(".html");
    }

    [Fact]
    public async Task The_same_submission_twice_gives_and_sends_one_feedback()
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        (await quality.RecordAsync(Cases.Refused)).ShouldBeTrue();
        (await quality.RecordAsync(Cases.Refused)).ShouldBeFalse();
        await quality.SendAllAsync();
        await quality.SendAllAsync();

        var letters = await quality.Letters.ReadAsync(50, Cancellation);
        letters.Where(letter => letter.Channel == "mail").Select(letter => letter.To).Order()
            .ShouldBe([Cases.Producer.Email!, Cases.VendorContact.Email!]);
        letters.Count(letter => letter.Channel == "sms").ShouldBe(2);
    }

    [Fact]
    public async Task A_contact_gets_one_password_a_month_and_a_new_one_the_next()
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        await quality.RecordAsync(Cases.Identities);
        await quality.RecordAsync(Cases.WithContentErrors);
        await quality.SendAllAsync();
        var inMay = await SmsToProducerAsync(quality);
        quality.Clock.Now = new DateTimeOffset(2026, 5, 31, 22, 0, 0, TimeSpan.Zero);
        await quality.RecordAsync(Cases.Refused);
        await quality.SendAllAsync();

        inMay.ShouldHaveSingleItem().ShouldContain("mai 2026");
        var all = await SmsToProducerAsync(quality);
        all.Count.ShouldBe(2);
        all[0].ShouldContain("juni 2026");
        all[0].ShouldNotBe(all[1]);
    }

    [Fact]
    public async Task Nothing_secret_lies_in_clear_text_in_the_database()
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        await quality.RecordAsync(Cases.WithContentErrors);
        await quality.SendAllAsync();

        var password = (await SmsToProducerAsync(quality))[0].Split(' ').Single(word => word.Count(c => c == '-') == 3);
        foreach (var table in (string[])["password", "outbox", "letter", "contact", "feedback", "feedback_event"])
        {
            var rows = string.Concat(await quality.QueryAsync<string>($"select t::text from quality.{table} t"));
            // Identifiers and what lies sealed are hexadecimal digits, and may hold those of a number by chance.
            var readable = Regex.Replace(
                rows, @"\\x[0-9a-f]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "",
                RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
            foreach (var secret in (string[])[password, "912345", "nordvika.example", "Pernille", "I481"])
            {
                readable.ShouldNotContain(secret, customMessage: table);
                rows.ShouldNotContain(
                    Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)), customMessage: table);
            }
        }
    }

    [Fact]
    public async Task Without_a_mobile_number_it_is_undeliverable_and_nothing_is_sent()
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        await quality.RecordAsync(
            Cases.Identities with { Contacts = [Cases.Producer with { Mobile = "22 33 44 55" }] });

        (await quality.SendAllAsync()).ShouldBe(0);
        var line = await SingleAsync(quality);
        line.State.ShouldBe(DeliveryState.Undeliverable);
        line.IsPartlyHindered.ShouldBeFalse();
        var detail = await quality.Feedback.GetAsync(line.FeedbackId, Cases.Unit, Cancellation);
        detail!.Deliveries.ShouldHaveSingleItem().Reason.ShouldBe("no_mobile");
        detail.History.Select(happened => happened.Kind).ShouldBe(["created", "undeliverable"]);
    }

    [Fact]
    public async Task Activity_that_does_not_reach_its_sector_is_seen_though_others_get_it()
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        await quality.RecordAsync(Cases.Activity with
        {
            Contacts = [Cases.Producer, Cases.SomaticContact with { Mobile = "22 33 44 55" }],
        });
        var waiting = await SingleAsync(quality);
        await quality.SendAllAsync();
        var sent = await SingleAsync(quality);

        (waiting.State, waiting.Hindered, waiting.IsPartlyHindered).ShouldBe((DeliveryState.Waiting, 1, true));
        (sent.State, sent.Hindered, sent.IsPartlyHindered).ShouldBe((DeliveryState.Sent, 1, true));
        var undelivered = new FeedbackFilter(Cases.Unit, OnlyUndelivered: true);
        (await quality.Feedback.FindAsync(undelivered, 10, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_is_busy_gets_the_same_mail_again_later()
    {
        await using var quality = await TestQuality.StartAsync(postgres, mail.Port);
        await quality.RecordAsync(Cases.Identities with
        {
            Contacts = [Cases.Producer with { Email = "senere-4@nordvika.example" }],
        });

        await quality.SendAllAsync();
        (await SingleAsync(quality)).State.ShouldBe(DeliveryState.Waiting);
        quality.Clock.Advance(TimeSpan.FromMinutes(1));
        await quality.SendAllAsync();

        (await SingleAsync(quality)).State.ShouldBe(DeliveryState.Sent);
        (await mail.NextToAsync("senere-4@nordvika.example")).MessageId.ShouldEndWith("@register.example>");
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up_after_the_attempts_there_are()
    {
        await using var quality = await TestQuality.StartAsync(postgres, mail.Port);
        await quality.RecordAsync(Cases.Identities with
        {
            Contacts = [Cases.Producer with { Email = "senere-999@nordvika.example" }],
        });

        for (var i = 0; i < 4; i++)
        {
            await quality.SendAllAsync();
            quality.Clock.Advance(TimeSpan.FromHours(1));
        }

        (await SingleAsync(quality)).State.ShouldBe(DeliveryState.Failed);
        (await quality.QueryAsync<int>("select attempts from quality.outbox where channel = 'mail'")).ShouldBe([3]);
    }

    [Fact]
    public async Task A_refused_address_fails_at_once_and_the_others_get_theirs()
    {
        await using var quality = await TestQuality.StartAsync(postgres, mail.Port);
        await quality.RecordAsync(Cases.Refused with
        {
            Contacts = [Cases.Producer with { Email = "avvist@nordvika.example" }, Cases.VendorContact],
        });

        await quality.SendAllAsync();

        var line = await SingleAsync(quality);
        line.State.ShouldBe(DeliveryState.Sent);
        line.Hindered.ShouldBe(1);
        var detail = await quality.Feedback.GetAsync(line.FeedbackId, unit: null, Cancellation);
        detail!.Deliveries.Single(delivery => delivery.ContactType == 1).Reason.ShouldBe("smtp 550");
        detail.History.Select(happened => happened.Kind).ShouldBe(["created", "failed", "sent"], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_workers_send_each_mail_once()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        for (var i = 0; i < 5; i++)
            await quality.RecordAsync(Cases.Refused with { SubmissionId = Guid.CreateVersion7() });

        await Task.WhenAll(quality.SendAllAsync(), quality.SendAllAsync(), quality.SendAllAsync());

        var letters = await quality.Letters.ReadAsync(100, Cancellation);
        letters.Count(letter => letter.Channel == "mail").ShouldBe(10);
        letters.Count(letter => letter.Channel == "sms").ShouldBe(2);
    }

    [Fact]
    public async Task Contacts_are_those_of_the_newest_file_and_serve_files_that_name_none()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var newer = Cases.Producer with { Email = "ny@nordvika.example" };
        await quality.RecordAsync(Cases.Identities with
        {
            SubmissionId = Guid.CreateVersion7(), ReceivedAt = Cases.Received.AddDays(1), Contacts = [newer],
        });
        await quality.RecordAsync(Cases.Identities);

        await quality.RecordAsync(
            Cases.Refused with { Contacts = [], ReceivedAt = Cases.Received.AddDays(2) });
        await quality.SendAllAsync();

        (await quality.Letters.ReadAsync(50, Cancellation))
            .Single(letter => letter.Subject?.StartsWith("Filen ble avvist", StringComparison.Ordinal) == true)
            .To.ShouldBe("ny@nordvika.example");
    }

    [Fact]
    public async Task A_unit_sees_and_opens_its_own_only_and_that_it_was_opened_is_remembered()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Refused);
        var id = (await SingleAsync(quality)).FeedbackId;
        var open = quality.Get<OpenFeedback>();
        var ground = new AccessGround(new Actor("user", "sender-1"), "portal");

        (await quality.Feedback.FindAsync(new(Cases.OtherUnit), 10, Cancellation)).ShouldBeEmpty();
        (await quality.Feedback.GetAsync(id, Cases.OtherUnit, Cancellation)).ShouldBeNull();
        (await open.OpenAsync(id, Cases.OtherUnit, ground, Cancellation)).ShouldBeNull();
        await open.OpenAsync(id, unit: null, ground, Cancellation);
        var looked = await quality.Feedback.GetAsync(id, Cases.Unit, Cancellation);
        looked!.History[^1].Kind.ShouldBe("viewed");
        looked.Feedback.OpenedAt.ShouldBeNull();
        quality.Clock.Advance(TimeSpan.FromMinutes(1));
        var document = await open.OpenAsync(id, Cases.Unit, ground, Cancellation);

        Encoding.UTF8.GetString(document!.Content).ShouldContain("NPR_VAL");
        var detail = await quality.Feedback.GetAsync(id, Cases.Unit, Cancellation);
        var opened = detail!.History[^1];
        (opened.Kind, opened.Actor).ShouldBe(("opened", "sender-1"));
        detail.Feedback.OpenedAt.ShouldBe(quality.Clock.Now);
        (await quality.QueryAsync<string>("select action from audit.entry"))
            .ShouldBe(["feedback.opened", "feedback.opened"]);
    }

    [Fact]
    public async Task What_has_had_its_time_is_removed_and_the_history_stays()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await quality.RecordAsync(Cases.Refused);
        await quality.SendAllAsync();

        quality.Clock.Advance(TimeSpan.FromDays(181));
        await quality.Get<RemoveExpired>().StepAsync(Cancellation);

        var line = await SingleAsync(quality);
        line.HasDocument.ShouldBeFalse();
        (await quality.QueryAsync<long>(
            """
            select (select count(*) from quality.password where sealed is not null)
              + (select count(*) from quality.outbox where sealed is not null) + (select count(*) from quality.letter)
            """)).ShouldBe([0]);
        (await quality.Feedback.GetAsync(line.FeedbackId, null, Cancellation))!.History.ShouldNotBeEmpty();
    }

    private static async Task<FeedbackLine> SingleAsync(TestQuality quality) =>
        (await quality.Feedback.FindAsync(new(Cases.Unit), 10, Cancellation))
        .ShouldHaveSingleItem().Feedback.ShouldHaveSingleItem();

    private static async Task<List<string>> SmsToProducerAsync(TestQuality quality) =>
        [.. (await quality.Letters.ReadAsync(100, Cancellation))
            .Where(letter => letter.To == "+4791234567").Select(letter => letter.Text)];
}
