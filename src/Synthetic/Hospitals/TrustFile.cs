namespace Kilde.Synthetic;

/// <summary>One of the files of a trust's year: gets the patients one by one, in the order of institutions.</summary>
internal abstract class TrustFile(XmlOut xml, MessageFrame frame)
{
    private TrustInstitution? _institution;

    protected XmlOut Xml => xml;

    protected MessageFrame Frame => frame;

    public long BytesWritten => xml.BytesWritten;

    public void Begin() => frame.Begin(xml);

    public void Write(TrustInstitution institution, PatientYear patient)
    {
        if (!Tells(patient)) return;
        if (_institution != institution)
        {
            EndInstitution();
            _institution = institution;
            xml.Begin("Institusjon"u8);
            xml.Attribute("institusjonID"u8, institution.Number.Number);
            BeginInstitution(institution);
        }

        WritePatient(patient);
    }

    public void End()
    {
        EndInstitution();
        frame.End(xml);
    }

    /// <summary>Whether this file has anything about the patient.</summary>
    protected virtual bool Tells(PatientYear patient) => true;

    protected virtual void BeginInstitution(TrustInstitution institution)
    {
    }

    protected abstract void WritePatient(PatientYear patient);

    /// <summary>Whether something that happens then has happened when the file is made.</summary>
    protected bool HasHappened(DateTime at) => at < frame.To.AddDays(1).ToDateTime(TimeOnly.MinValue);

    protected bool HasHappened(DateOnly day) => day <= frame.To;

    private void EndInstitution()
    {
        if (_institution is not null) xml.End("Institusjon"u8);
    }
}
