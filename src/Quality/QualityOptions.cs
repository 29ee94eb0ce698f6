using System.ComponentModel.DataAnnotations;

namespace Kilde.Quality;

/// <summary>Settings of feedback, section <c>Quality</c>.</summary>
public sealed class QualityOptions
{
    /// <summary>Language of reports, mails and SMS: <c>nb</c>, <c>nn</c> or <c>en</c>.</summary>
    [RegularExpression("^(nb|nn|en)$")]
    public string Language { get; set; } = "nb";

    /// <summary>Folder of the reporting calendars.</summary>
    public string CalendarFolder { get; set; } = "definitions/calendar";

    /// <summary>Folder of the forms of activity feedback. Without them nobody is sent a workbook.</summary>
    public string ActivityFolder { get; set; } = "definitions/activity";

    /// <summary>The mail server. Not set: mails end in the outbox that staff can read.</summary>
    public SmtpOptions? Smtp { get; set; }

    /// <summary>Attempts to send one mail or SMS, over about three days, before it is given up.</summary>
    [Range(1, 50)]
    public int SendAttemptsMax { get; set; } = 12;

    /// <summary>Longest time for one attempt, in seconds.</summary>
    [Range(1, 600)]
    public int SendSecondsMax { get; set; } = 60;

    /// <summary>Days a document is kept for the portal.</summary>
    [Range(1, 3_650)]
    public int DocumentDaysKept { get; set; } = 180;

    /// <summary>Months contact persons are kept after the unit's last file.</summary>
    [Range(1, 120)]
    public int ContactMonthsKept { get; set; } = 24;

    /// <summary>Days a password is kept after its month, so that late attempts still use it.</summary>
    [Range(0, 60)]
    public int PasswordDaysKept { get; set; } = 7;

    /// <summary>Days a letter without a gateway is kept.</summary>
    [Range(1, 365)]
    public int LetterDaysKept { get; set; } = 30;

    /// <summary>Days a return lies ready, fetched or not. The next one of the same area takes its place.</summary>
    [Range(1, 365)]
    public int ReturnDaysKept { get; set; } = 30;

    /// <summary>How long a return lies ready: what its sender is told, and what is done.</summary>
    internal TimeSpan ReturnLifetime => TimeSpan.FromDays(ReturnDaysKept);

    /// <summary>Days a submission that got its answer at once counts in statistics.</summary>
    [Range(90, 3_650)]
    public int AnsweredDaysKept { get; set; } = 400;

    /// <summary>Cases read from a source at a time.</summary>
    [Range(1, 5_000)]
    public int CaseBatchMax { get; set; } = 1_000;
}

/// <summary>The mail server that reports are sent through.</summary>
public sealed class SmtpOptions
{
    [Required]
    public string Host { get; set; } = "";

    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>True asks for TLS by STARTTLS and refuses to send without it.</summary>
    public bool UsesTls { get; set; } = true;

    /// <summary>The address reports come from.</summary>
    [Required]
    public string From { get; set; } = "";

    public string? User { get; set; }

    /// <summary>A file that holds the password, so that it does not stand among the settings.</summary>
    public string? PasswordFile { get; set; }
}
